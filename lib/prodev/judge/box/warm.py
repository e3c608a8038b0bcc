"""What answers commonly import, loaded once before any of them is forked."""

# ruff: noqa: F401
from __future__ import annotations

import abc
import asyncio
import base64
import bisect
import collections
import concurrent.futures
import contextlib
import contextvars
import copy
import csv
import dataclasses
import datetime
import decimal
import enum
import functools
import hashlib
import heapq
import inspect
import io
import itertools
import json
import linecache
import logging
import math
import operator
import pathlib
import queue
import random
import re
import sqlite3
import statistics
import string
import textwrap
import threading
import time
import tomllib
import traceback
import types
import typing
import uuid
import warnings
import weakref

import yaml
