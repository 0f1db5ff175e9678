// Preloaded into child processes (child-process.ts): the channel closes when the parent dies in whatever way, even by SIGKILL.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
