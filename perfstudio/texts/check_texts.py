"""The table of what checks say: a name, a group, and one sentence for each verdict, with other words by direction.

`value` and the facts named in `CheckCode` are text by then; `at` is "at 1:31", `since` is "from 1:31", `below` a level
without its sign. Left and right are the performer's own, not the picture's.
"""

from __future__ import annotations

from perfstudio.language.catalogue import Messages
from perfstudio.model.checks import CheckCode
from perfstudio.texts.check_text import CheckText
from perfstudio.texts.check_texts_joint import TOGETHER

_C = CheckCode
SAGS = (CheckCode.FRAME_RATE.value, CheckCode.FRAME_RATE_SAG.value)

TEXTS: Messages[dict[CheckCode, CheckText]] = {
    # sound
    _C.SOUND_MISSING: CheckText(
        "Sound",
        "sound",
        "There is sound with the picture.",
        "There is no sound with this picture. Choose a microphone, or add the sound file that goes with it.",
    ),
    _C.PEAK: CheckText(
        "Loudest moment",
        "level",
        "The loudest moment stays clear of the limit[: {below} below it].",
        "The loudest moment reaches the limit[ {at}]. Move half a hand back from the microphone.",
    ),
    _C.TRUE_PEAK: CheckText(
        "Peaks between samples",
        "level",
        "The sound stays below the limit between its samples too.",
        "The sound goes over the limit between its samples[ {at}]. Turn the input down a little.",
    ),
    _C.CLIPPING: CheckText(
        "Clipping",
        "level",
        "No sound was cut off at the limit.",
        "A shout touched the limit[ {at}]. Half a hand further from the microphone would keep it clean.",
        "The sound is cut off at the limit[ {at}]. Turn the input down or move back a little, and play it again.",
    ),
    _C.LOUDNESS: CheckText(
        "Loudness",
        "level",
        "Your voice is loud enough.",
        "Your voice is quiet throughout the take. Come closer to the microphone, or turn its input up a little.",
    ),
    _C.LOUDNESS_RANGE: CheckText(
        "Range",
        "level",
        "You use[ {value} of| your] range from soft to loud.",
        "You use[ {value} of| your] range from soft to loud. Lean in for the soft lines and back for the loud ones.",
    ),
    _C.NOISE_FLOOR: CheckText(
        "Room",
        "room",
        "The room is quiet.",
        "The room can be heard under your voice. Close the window, or switch off whatever is running.",
        "The room is nearly as loud as a voice. Switch off whatever is running, or try another corner.",
    ),
    _C.SNR: CheckText(
        "Clarity",
        "clarity",
        "Your voice is clear[: {value} above the room].",
        "Your voice is[ only {value}| not far] above the room. Come closer to the microphone.",
        "Your voice hardly rises above the room[: {value}]. Come closer to the microphone, and play it again.",
    ),
    _C.SPEECH: CheckText(
        "Voice",
        "voice",
        "Your voice is heard[ for {value}].",
        "Hardly any voice is heard[: {value}]. If the scene is silent, mark this as “Intended”.",
    ),
    _C.SILENCE: CheckText(
        "Sound arrives",
        "voice",
        "The microphone hears you.",
        "The microphone hears very little. It may be covered, or not the one you think.",
        "The microphone heard almost nothing. Check that it is the right one and turned up, and play it again.",
    ),
    _C.ZEROS: CheckText(
        "Live microphone",
        "microphone",
        "The microphone was live the whole time.",
        "The microphone sent only silence[ {since}][ for {value}]. It was muted or unplugged for a moment.",
        "The microphone sent only silence[ {since}][ for {value}]. It is muted or unplugged.",
    ),
    _C.SOUND_GAPS: CheckText(
        "Gaps",
        "microphone",
        "No sound was lost.",
        "[{value} of sound was|Some sound was] lost on the way[ {at}]. The gap is marked, and the rest stays in sync.",
        "[{value} of sound was|A lot of sound was] lost on the way[ {at}]. Close other programs, and play it again.",
    ),
    _C.DROPOUTS: CheckText(
        "Dropouts",
        "microphone",
        "The sound has no dropouts.",
        "The sound has a small dropout[ {at}]. Listen whether it falls between words.",
        "The sound has[ {value}] dropouts[ {at}]. Close other programs or use a cable, and play it again.",
    ),
    _C.DEAD_CHANNEL: CheckText(
        "Both channels",
        "microphone",
        "Both channels carry your voice.",
        "[The {side} channel|One channel] is nearly silent. The other one has your voice; check the plug when you can.",
    ),
    _C.CANCELLING: CheckText(
        "Mono",
        "microphone",
        "The channels keep their strength when they are mixed to mono.",
        "The channels cancel each other out[ {at}]: mixed to mono, they lose[ {value}]. Turn one of the two around, "
        "or record with one microphone only.",
        by={
            "nothing": "The channels cancel each other out[ {at}]: mixed to mono, nothing is left. Turn one of the two "
            "around, or record one channel only.",
        },
    ),
    _C.DC_OFFSET: CheckText(
        "Offset",
        "microphone",
        "The sound is centred.",
        "The sound sits off-centre (DC offset). The take is usable; another input or cable would fix it.",
    ),
    _C.HUM: CheckText(
        "Hum",
        "room",
        "There is no mains hum.",
        "There is mains hum[ ({mains_hz})] under your voice. Unplug the charger, or move the cable away.",
        "Strong mains hum[ ({mains_hz})] covers soft words. Unplug the charger or change the cable, and play it again.",
    ),
    _C.BANDWIDTH: CheckText(
        "Full voice",
        "clarity",
        "Your voice has its full range.",
        "Your voice is cut off[ above {value}], as on a headset call. Choose a wired microphone, or the built-in one.",
        "Your voice is cut off[ above {value}], as on the phone. Choose a wired microphone or the built-in one, and "
        "play it again.",
    ),
    _C.REVERB: CheckText(
        "Echo",
        "room",
        "The room does not echo.",
        "The room echoes. Come closer to the microphone, or hang something soft behind it.",
        "The room's echo covers your words. Come closer, or try a room with a bed and curtains, and play it again.",
    ),
    _C.GAIN_PUMPING: CheckText(
        "Steady gain",
        "microphone",
        "The microphone keeps its level.",
        "The microphone turns itself up in your pauses. Switch off automatic gain in the system's sound settings.",
    ),
    _C.BLEED: CheckText(
        "Partner heard",
        "clarity",
        "Your microphone does not pick up your partner.",
        "Your microphone picks up your partner faintly[: {below} below your voice]. Turn the headphones down, or use "
        "closed ones.",
        "Your microphone clearly picks up your partner[: {below} below your voice]. Use closed headphones, and play "
        "it again.",
    ),
    # picture
    _C.FACE: CheckText(
        "Face",
        "framing",
        "Your face can be seen[ for {value} of the take].",
        "Your face can be seen for[ {value}| part] of the take. Turning away is a choice; leaving the chair empty is "
        "not.",
        "Hardly any face can be seen. Check that you are in the picture, and play it again.",
    ),
    _C.HEADROOM: CheckText(
        "Headroom",
        "framing",
        "The space above your head is right.",
        "Check the space above your head.",
        by={
            "little": "Your head touches the top of the picture. Tilt the camera up a little.",
            "much": "There is a lot of space above your head. Tilt the camera down a little.",
        },
    ),
    _C.CENTRING: CheckText(
        "Centring",
        "framing",
        "You are well placed in the picture.",
        "You are far from the middle of the picture. Unless that is a choice, move towards it.",
        by={
            "left": "You are far to your right in the picture. Move a little to your left.",
            "right": "You are far to your left in the picture. Move a little to your right.",
        },
    ),
    _C.FACE_SIZE: CheckText(
        "Distance",
        "framing",
        "Your distance to the camera is right.",
        "Check your distance to the camera.",
        by={
            "small": "You are small in the picture. Come closer to the camera.",
            "large": "Your face fills the picture. Move back half a step.",
        },
    ),
    _C.EYE_LINE: CheckText(
        "Eye line",
        "framing",
        "Your eyes are at a good height.",
        "Check the height of your eyes in the picture.",
        by={
            "low": "Your eyes are low in the picture. Tilt the camera down a little, or sit higher.",
            "high": "Your eyes are high in the picture. Tilt the camera up a little.",
        },
    ),
    _C.CUT_OFF: CheckText(
        "Whole face",
        "framing",
        "Your whole face is in the picture.",
        "Your face is cut off at the edge[ for {value} of the take][, {at}]. Move towards the middle.",
        by={
            "top": "Your face is cut off at the top[ for {value} of the take]. Tilt the camera up a little.",
            "bottom": "Your face is cut off at the bottom[ for {value} of the take]. Tilt the camera down a little.",
            "left": "Your face is cut off at the side[ for {value} of the take]. Move a little to your left.",
            "right": "Your face is cut off at the side[ for {value} of the take]. Move a little to your right.",
        },
    ),
    _C.LEFT_FRAME: CheckText(
        "In the picture",
        "framing",
        "You stayed in the picture.",
        "Your face left the picture[ for {value}][ {at}].",
    ),
    _C.OTHER_PERSON: CheckText(
        "Alone",
        "framing",
        "[Somebody else is in the picture for a moment, {at}|You are alone in the picture].",
        "Somebody else is in the picture[ {at}]. They would have to agree too.",
    ),
    _C.BRIGHTNESS: CheckText(
        "Light",
        "light",
        "The light is good.",
        "Check the light.",
        by={
            "dark": "[Your {place}|The picture] is dark. Turn towards a window, or put a lamp behind the screen.",
            "bright": "[Your {place}|The picture] is very bright. Move the lamp back, or turn it to the wall.",
        },
    ),
    _C.BACKLIGHT: CheckText(
        "Light from behind",
        "light",
        "The light comes from the front.",
        "The light behind you is stronger than the light on your face. Close the curtain, or turn around.",
    ),
    _C.BURNT: CheckText(
        "Highlights",
        "light",
        "Nothing is burnt out.",
        "Parts of [your {place}|the picture] are pure white. Move the lamp back, or turn it to the wall.",
    ),
    _C.CRUSHED: CheckText(
        "Shadows",
        "light",
        "The shadows keep their detail.",
        "Parts of [your {place}|the picture] are pure black. Put a second lamp on the dark side.",
    ),
    _C.FLICKER: CheckText(
        "Flicker",
        "light",
        "The light is steady.",
        "A lamp flickers[ at {frequency_hz}]. Switch it off, or use daylight.",
    ),
    _C.COLOUR_CAST: CheckText(
        "Colour",
        "light",
        "The colours are natural.",
        "The picture has a colour cast. Switch off the coloured lamp, or use one kind of light only.",
        by={
            "red": "The picture looks too red. Use one kind of light only: daylight or lamps.",
            "green": "The picture looks too green. Use one kind of light only: daylight or lamps.",
            "blue": "The picture looks too blue. Use one kind of light only: daylight or lamps.",
            "yellow": "The picture looks too yellow. Use one kind of light only: daylight or lamps.",
            "cyan": "The picture looks too cyan. Use one kind of light only: daylight or lamps.",
            "magenta": "The picture looks too magenta. Use one kind of light only: daylight or lamps.",
            "orange": "The picture looks too orange. Use one kind of light only: daylight or lamps.",
            "purple": "The picture looks too purple. Use one kind of light only: daylight or lamps.",
        },
    ),
    _C.FOCUS: CheckText(
        "Focus",
        "focus",
        "Your face is sharp.",
        "Your face is not quite sharp. Wipe the lens, and give the camera more light.",
    ),
    _C.SHAKE: CheckText(
        "Steady camera",
        "focus",
        "The camera is steady.",
        "The camera moves[ {at}]. Put it on something firm.",
    ),
    _C.FROZEN: CheckText(
        "Moving picture",
        "frame rate",
        "The picture moves all the way through.",
        "The picture froze[ for {value}][ {at}].",
        "The picture froze[ for {value}][ {at}]. Restart the camera and play it again.",
    ),
    _C.BLACK: CheckText(
        "Open lens",
        "light",
        "The lens was open the whole time.",
        "The picture was black[ for {value}][ {at}].",
        "The picture is black[ for {value}][ {at}]. Open the lens cover or switch the camera on, and play it again.",
    ),
    _C.FRAME_RATE: CheckText(
        "Frame rate",
        "frame rate",
        "The camera gave[ {value}| enough] frames per second.",
        "The camera gave[ {value}| fewer] frames per second[ instead of {nominal_fps}]. More light lets it run faster.",
        "The camera gave only[ {value}| a few] frames per second[ instead of {nominal_fps}]. Put more light on your "
        "face, and play it again.",
        by={
            "drops": "The video has[ {value}| fewer] frames per second[ instead of {nominal_fps}]; the others were "
            "lost.",
            "frame_rate_sag": "The video has[ {value}| fewer] frames per second, because the camera slowed down.",
        },
    ),
    _C.FRAME_RATE_SAG: CheckText(
        "Even frame rate",
        "frame rate",
        "The frame rate held.",
        "The camera slowed down[ to {value} frames per second][ {at}]. More light keeps it steady.",
        by={"drops": "Where most frames were lost[, {at},] the video has[ {value}| fewer] per second."},
    ),
    _C.DROPS: CheckText(
        "Lost frames",
        "frame rate",
        "No frames were lost that anybody would notice.",
        "[{value} of the frames were|Some frames were] lost[ {at}]. [{damaged} arrived damaged: check the camera's "
        "cable.|Close other programs.]",
        "[{value} of the frames were|Many frames were] lost[ {at}]. [{damaged} arrived damaged: check the camera's "
        "cable|Close other programs], and play it again.",
        by=dict.fromkeys(
            SAGS, "[{value} of the frames are|Some frames are] missing[ {at}], because the camera slowed down."
        ),
    ),
    _C.ORIENTATION: CheckText(
        "Upright or wide",
        "framing",
        "The picture is wide.",
        "The picture is upright. Turn the camera so that it is wider than it is tall.",
    ),
    _C.MIRRORED: CheckText(
        "Left and right",
        "framing",
        "The picture is not mirrored.",
        "The file asks players to mirror it. Switch off mirroring in the program that recorded it.",
    ),
    **TOGETHER,
}
