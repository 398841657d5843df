#!/bin/sh
import os

os.system('true')
