"""Imported by the warm process (`rigs.warm_processes`): the practice pictures that most recorders of tests show are
painted once, and every recorder inherits them."""

import cv2

from perfstudio.capture.practice.picture import painted

SIZES = ((640, 360), (1280, 720))

threads = cv2.getNumThreads()
cv2.setNumThreads(1)  # a fork does not inherit OpenCV's threads, and would wait for them
for size in SIZES:
    painted(*size)
cv2.setNumThreads(threads)
