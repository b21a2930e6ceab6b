"""perfstudio: record improvised performances at home, keep them safe, and give them away only with consent."""

import os

os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
"""Windows: OpenCV reads this while it is imported, wherever that is. Without it a camera may open for 90 seconds."""

__version__ = "0.1.0"
