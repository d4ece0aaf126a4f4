package dev.mynah.server.answer;

/** An answer that this process no longer owns: its lease ran out, and it was settled without it. */
public final class AnswerLostException extends RuntimeException {
    AnswerLostException(String id) {
        super("the answer " + id + " was settled elsewhere, since this process had not been heard of");
    }
}
