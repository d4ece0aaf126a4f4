package dev.mynah.text.jinja;

/** What a template can call. */
@FunctionalInterface
interface Callable {

    Object call(Given given);
}
