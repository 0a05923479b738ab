// One clip sounds at a time, and another way of the same sound goes on where the last one was.
const players = [...document.querySelectorAll('audio')];
for (const player of players) {
  const figure = player.closest('figure');
  const head = figure.querySelector('.head');
  const section = player.closest('section');
  player.addEventListener('play', () => {
    for (const other of players) {
      if (other === player || other.paused) continue;
      if (section.contains(other)) player.currentTime = other.currentTime;
      other.pause();
    }
    figure.classList.add('playing');
    follow();
  });
  for (const end of ['pause', 'ended'])
    player.addEventListener(end, () => figure.classList.remove('playing'));
  /** The line in the picture goes along with the sound. */
  function follow() {
    if (player.duration > 0) head.style.left = `${(100 * player.currentTime) / player.duration}%`;
    if (!player.paused) requestAnimationFrame(follow);
  }
}
