package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values given to a function, method, filter or test; {@code what} names it in messages. */
record Given(String what, List<Object> positional, Map<String, Object> named, Budget budget) {

    /** Refuses more than the parameters {@code names} take. */
    Given only(String... names) {
        Set<String> known = Set.of(names);
        if (positional.size() > names.length) {
            throw new JinjaException(
                    what + " takes at most " + names.length + " arguments, but got " + positional.size());
        }
        for (String name : named.keySet()) {
            if (!known.contains(name)) {
                throw new JinjaException(what + " has no argument \"" + name + "\"");
            }
        }
        return this;
    }

    boolean has(int index, String name) {
        return positional.size() > index || named.containsKey(name);
    }

    Object get(int index, String name, Object otherwise) {
        return positional.size() > index ? positional.get(index) : named.getOrDefault(name, otherwise);
    }

    Object get(int index, String name) {
        if (!has(index, name)) {
            throw new JinjaException(what + " needs the argument \"" + name + "\"");
        }
        return get(index, name, None.NONE);
    }

    MarkedText text(int index, String name) {
        Object value = get(index, name);
        if (value instanceof MarkedText text) {
            return text;
        }
        throw new JinjaException(what + " needs a string as \"" + name + "\", not " + Values.type(value));
    }

    boolean truth(int index, String name, boolean otherwise) {
        return has(index, name) ? Values.truth(get(index, name)) : otherwise;
    }

    int integer(int index, String name, int otherwise) {
        Object value = get(index, name, (long) otherwise);
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw new JinjaException(what + " needs a small whole number as \"" + name + "\", not " + Values.type(value));
    }
}
