package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.EventStream;
import java.util.List;

/** A request that one answer serves, and the form in which an endpoint writes that answer. */
interface Exchange {

    /** What is asked. */
    Inference.Question question(Caller caller);

    /** Whether the answer is sent as it is generated. */
    boolean streams();

    /**
     * The response with an answer that is settled.
     *
     * @param created seconds since 1970
     */
    Object whole(String id, long created, List<CollectedChoice> choices, TokenCounts counts);

    /** Writes the answer to a stream, which has begun. */
    Writer writer(String id, long created, EventStream events);

    /** Writes one answer, event by event. */
    interface Writer {

        /** Before anything was generated. */
        void begin();

        /** Tokens, calls and ends, never a failure. */
        void show(GenerationEvent event);

        /** The end, if it cannot go on, as an answer that is sent as a whole would have said it. */
        void fail(ErrorBody error);

        /** The end, after the answer was settled. */
        void end(TokenCounts counts);
    }
}
