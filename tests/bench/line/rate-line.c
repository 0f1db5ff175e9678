/*
 * A line between two TUN devices: a rate, a queue that drops what does not fit, a delay, the same both ways. For machines whose kernel
 * has no netem. Some packets may get lost by chance. Ends when its standard input does, and its devices with it.
 * rate-line <device A> <device B> <bytes per second> <delay in µs> <queue in bytes> <share lost>
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Of the devices' MTU of 1400 bytes at most. */
#define PACKET_BYTES 1500
/* Room for what is queued and what is under way; a power of two. */
#define SLOTS 8192

struct packet {
  int64_t arrives_us;
  int length;
  unsigned char bytes[PACKET_BYTES];
};

struct direction {
  int from, to;
  struct packet *slots;
  uint32_t first, next;
  /* When the line has sent all that was queued so far. */
  int64_t free_at_us;
};

static double bytes_per_us, lost_share;
static int64_t delay_us, queue_us;

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int open_device(const char *name) {
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (device < 0 || ioctl(device, TUNSETIFF, &request) < 0) {
    perror(name);
    exit(1);
  }
  return device;
}

static void take(struct direction *way) {
  for (;;) {
    struct packet *packet = &way->slots[way->next % SLOTS];
    bool full = way->next - way->first == SLOTS;
    unsigned char spare[PACKET_BYTES];
    ssize_t length = read(way->from, full ? spare : packet->bytes, PACKET_BYTES);
    if (length <= 0) return;
    int64_t now = now_us();
    if (way->free_at_us < now) way->free_at_us = now;
    if (full || way->free_at_us - now > queue_us) continue;
    way->free_at_us += (int64_t)(length / bytes_per_us);
    /* The same packets of every run (drand48 without a seed), as far as runs are alike. It took its time on the line. */
    if (drand48() < lost_share) continue;
    packet->arrives_us = way->free_at_us + delay_us;
    packet->length = (int)length;
    way->next++;
  }
}

/* Returns the µs until the next packet arrives, or a second. */
static int64_t hand_over(struct direction *way) {
  int64_t now = now_us();
  while (way->first != way->next) {
    struct packet *packet = &way->slots[way->first % SLOTS];
    if (packet->arrives_us > now) return packet->arrives_us - now;
    /* Fails when the other end is gone: lost, as on a wire. */
    if (write(way->to, packet->bytes, packet->length) < 0) {
    }
    way->first++;
  }
  return 1000000;
}

int main(int count, char **arguments) {
  if (count != 7) {
    fprintf(stderr, "usage: rate-line <device A> <device B> <bytes per second> <delay in us> <queue in bytes> <share lost>\n");
    return 2;
  }
  bytes_per_us = atof(arguments[3]) / 1e6;
  delay_us = atoll(arguments[4]);
  queue_us = (int64_t)(atof(arguments[5]) / bytes_per_us);
  lost_share = atof(arguments[6]);
  int a = open_device(arguments[1]), b = open_device(arguments[2]);
  struct direction ways[2] = {{.from = a, .to = b}, {.from = b, .to = a}};
  for (int i = 0; i < 2; i++) ways[i].slots = malloc(sizeof(struct packet) * SLOTS);
  if (!ways[0].slots || !ways[1].slots) return 1;
  puts("ready");
  fflush(stdout);

  struct pollfd polled[3] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  for (;;) {
    int64_t wait_us = 1000000;
    for (int i = 0; i < 2; i++) {
      int64_t left_us = hand_over(&ways[i]);
      if (left_us < wait_us) wait_us = left_us;
    }
    struct timespec timeout = {.tv_sec = wait_us / 1000000, .tv_nsec = (wait_us % 1000000) * 1000};
    ppoll(polled, 3, &timeout, NULL);
    if (polled[2].revents) return 0;
    for (int i = 0; i < 2; i++)
      if (polled[i].revents & POLLIN) take(&ways[i]);
  }
}
