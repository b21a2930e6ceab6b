"""What a bare ALSA card itself can do, asked of libasound; PortAudio would say yes to everything and convert."""

from __future__ import annotations

import ctypes
import re

_CAPTURE, _NONBLOCK = 1, 1
_MORE_THAN_16_BITS = (32, 6, 10)  # S24_3LE, S24_LE, S32_LE in alsa/pcm.h


def sample_bits(device_name: str) -> int:
    """24 when the card of a PortAudio name such as "USB Mic: Audio (hw:1,0)" gives more than 16 bits, else 16.

    A card that is in use, or gone, counts as 16.
    """
    address = re.search(r"\((hw:\d+,\d+)\)", device_name)
    try:
        library = ctypes.CDLL("libasound.so.2")
    except OSError:
        return 16
    if address is None:
        return 16
    card = ctypes.c_void_p()
    if library.snd_pcm_open(ctypes.byref(card), address[1].encode(), _CAPTURE, _NONBLOCK) < 0:
        return 16
    wish = ctypes.c_void_p()
    library.snd_pcm_hw_params_malloc(ctypes.byref(wish))
    try:
        if library.snd_pcm_hw_params_any(card, wish) < 0:
            return 16
        fine = any(library.snd_pcm_hw_params_test_format(card, wish, number) == 0 for number in _MORE_THAN_16_BITS)
        return 24 if fine else 16
    finally:
        library.snd_pcm_hw_params_free(wish)
        library.snd_pcm_close(card)
