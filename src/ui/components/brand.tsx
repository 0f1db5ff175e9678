export function Brand() {
  return (
    <span class="brand">
      <img class="logo" src="/icon/icon.svg" alt="" />
      Lodestream
    </span>
  );
}
