"""perfstudio: record improvised performances at home, keep them safe, and give them away only with consent."""

import os

os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
"""Windows: OpenCV reads this while it is imported, wherever that is. Without it a camera may open for 90 seconds."""

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""NumPy reads this while it is imported. Matrices here are small: more threads spin on a core that a take needs for
longer than they work (351 fits of frame times on two cores: 8.6 s of processor with two threads, 3.9 s with one)."""

__version__ = "0.1.0"
