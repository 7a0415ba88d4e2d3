"""Compares keys of a JSON object with the values given: expect.py FILE key=value ..."""
import json
import sys

found = json.load(open(sys.argv[1], encoding="utf-8"))
wrong = 0
for pair in sys.argv[2:]:
    key, value = pair.split("=")
    if str(found.get(key)) != value:
        print(f"{key} is {found.get(key)}, expected {value}")
        wrong += 1
sys.exit(1 if wrong else 0)
