"""Imported by a process that is forked (`rigs.warm_processes`, `rigs.forked_workers`): what practice devices show and
say in most tests is painted and spoken once, validators are built once, and every recorder and worker inherits it."""

import cv2

from perfstudio.capture.practice.picture import painted
from perfstudio.capture.practice.script import PracticeScript
from perfstudio.capture.practice.voice import speech_loop
from rigs.built import build_documents, read_assets

SIZES = ((640, 360), (1280, 720))

threads = cv2.getNumThreads()
cv2.setNumThreads(1)  # a fork does not inherit OpenCV's threads, and would wait for them
for size in SIZES:
    painted(*size)
cv2.setNumThreads(threads)
speech_loop(PracticeScript().seed)
build_documents()
read_assets()
