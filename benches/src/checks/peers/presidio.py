"""Analyzes texts: of `time PATH` answers how many seconds of a core that took, of a list of texts in JSON which kinds it finds in each.

Without a language model, which finds no names and takes no time, and with nothing but the recognizers of the kinds that it is asked for.
"""
import json
import logging
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer, DeHealthInsuranceRecognizer, DeSocialSecurityRecognizer, DeTaxIdRecognizer, EmailRecognizer,
    IbanRecognizer, NhsRecognizer, PhoneRecognizer, UkNinoRecognizer)

logging.disable(logging.CRITICAL)
engine = SpacyNlpEngine()
engine.nlp = {"en": spacy.blank("en")}
kinds = [
    CreditCardRecognizer, DeHealthInsuranceRecognizer, DeSocialSecurityRecognizer, DeTaxIdRecognizer, EmailRecognizer,
    IbanRecognizer, NhsRecognizer, PhoneRecognizer, UkNinoRecognizer]
registry = RecognizerRegistry([kind(supported_language="en") for kind in kinds], supported_languages=["en"])
analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])

for line in sys.stdin:
    if line.startswith("time "):
        with open(line[5:].strip(), encoding="utf-8") as file:
            text = file.read()
        start = time.process_time()
        analyzer.analyze(text, language="en")
        answer = time.process_time() - start
    else:
        answer = [[found.entity_type for found in analyzer.analyze(text, language="en")] for text in json.loads(line)]
    print(json.dumps(answer), flush=True)
