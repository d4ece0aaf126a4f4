package dev.mynah.text.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** A value whose attributes {@code set} can change. */
final class Namespace {
    final Map<String, Object> attributes = new LinkedHashMap<>();
}
