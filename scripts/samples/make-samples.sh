#!/bin/sh
# Makes every audio file under samples/ from Debian packages, and says how each was made.
#
#   scripts/samples/make-samples.sh DIR   DIR: where the three packages are unpacked; made by
#     apt-get download fretsonfire-songs-sectoid sonic-pi-samples hydrogen-drumkits-effects
#     for package in *.deb; do dpkg-deb -x "$package" DIR; done
#
# Needs ffmpeg 5 or newer. Versions used: fretsonfire-songs-sectoid 1.dfsg-3.1, sonic-pi-samples 3.2.2~repack-8,
# hydrogen-drumkits-effects 2017.09.19~dfsg-1. Running it again with these gives the same samples.
set -eu

[ $# -eq 1 ] || { echo "usage: $0 DIR   (see the head of this file)" >&2; exit 2; }
share=$1/usr/share
samples=$(cd "$(dirname "$0")/../.." && pwd)/samples
mkdir -p "$samples/piece" "$samples/loops" "$samples/drums" "$samples/strums"

# One piece in two stems, byte for byte as its author published it, with its own chart.
song="$share/games/fretsonfire/data/songs/sectoid/Metal madness"
cp "$song/guitar.ogg" "$samples/piece/metal-madness-guitar.ogg"
cp "$song/song.ogg" "$samples/piece/metal-madness-backing.ogg"
cp "$song/notes.mid" "$samples/piece/metal-madness-notes.mid"

# 48 kHz, one channel, 16 bit: what the transport carries. Bit-exact flags keep tool names and dates out of the file.
to_wav() { # from, to, seconds (0: all)
  set -- "$1" "$2" "$3" ''
  [ "$3" = 0 ] || set -- "$1" "$2" "$3" "atrim=duration=$3,afade=t=out:st=$(echo "$3 0.05" | awk '{print $1-$2}'):d=0.05,"
  ffmpeg -v error -y -i "$1" -af "$4aresample=48000:resampler=swr:filter_size=64" -ac 1 -c:a pcm_s16le \
    -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$2"
}

# Loops, whole. Never loop_amen or loop_amen_full: they come from a commercial record.
for name in compus industrial mika tabla; do
  to_wav "$share/sonic-pi/samples/loop_$name.flac" "$samples/loops/$name.wav" 0
done

# Single drums: from these the tests mix performances whose true onsets are known.
for name in bass_hard bass_soft snare_hard snare_soft cymbal_closed cymbal_open tom_lo_hard tom_hi_hard; do
  to_wav "$share/sonic-pi/samples/drum_$name.flac" "$samples/drums/$(echo "$name" | tr _ -).wav" 0
done

# Acoustic guitar strums, the first 1.5 s of each, faded over the last 50 ms.
strums="$share/hydrogen/data/drumkits/belofilms_GuitarStrums"
for name in Emajor_03 Aminor_DOWN_03 Aminor_UP_03 Gmajor_DOWN_02 Dmajor_UP_02 Cmajor_00; do
  to_wav "$strums/$name.flac" "$samples/strums/$(echo "$name" | tr 'A-Z_' 'a-z-').wav" 1.5
done

du -sh "$samples"
