package dev.mynah.text.jinja;

/** What a name that nobody set stands for: false, empty, and an error where more is asked of it. */
record Undefined(String name) {

    JinjaException used() {
        return new JinjaException("\"" + name + "\" is not defined");
    }

    /** All are equal, as in the reference. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 0;
    }
}
