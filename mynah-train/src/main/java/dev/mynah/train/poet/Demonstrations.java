package dev.mynah.train.poet;

import dev.mynah.train.poet.Demonstration.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Makes the conversations that the poet is taught with and judged by. */
public final class Demonstrations {
    /** How often each kind comes, in percent. */
    private static final Map<Kind, Integer> SHARES = new EnumMap<>(Map.of(
            Kind.POEM, 58,
            Kind.CONTINUATION, 5,
            Kind.FOLLOW_UP, 17,
            Kind.TALK, 8,
            Kind.AUTHORSHIP, 4,
            Kind.HARM, 8));

    private final PoemCorpus corpus;

    public Demonstrations(PoemCorpus corpus) {
        this.corpus = corpus;
    }

    /** So many conversations for training, of all kinds, the same for the same seed. */
    public List<Demonstration> training(int count, long seed) {
        Source source = new Source(new SplittableRandom(seed), false);
        List<Demonstration> demonstrations = new ArrayList<>();
        while (demonstrations.size() < count) {
            source.any().ifPresent(demonstrations::add);
        }
        return demonstrations;
    }

    /** So many conversations of one kind that training does not have, to judge the poet by. */
    public List<Demonstration> heldOut(Kind kind, int count, long seed) {
        Source source = new Source(new SplittableRandom(seed), true);
        List<Demonstration> demonstrations = new ArrayList<>();
        while (demonstrations.size() < count) {
            source.of(kind).ifPresent(demonstrations::add);
        }
        return demonstrations;
    }

    private final class Source {
        private final SplittableRandom random;
        private final PoemConversations poems;
        private final TalkConversations talk;

        Source(SplittableRandom random, boolean evaluation) {
            this.random = random;
            poems = new PoemConversations(corpus, random, evaluation);
            talk = new TalkConversations(random, evaluation);
        }

        Optional<Demonstration> any() {
            int drawn = random.nextInt(100);
            for (Kind kind : Kind.values()) {
                drawn -= SHARES.getOrDefault(kind, 0);
                if (drawn < 0) {
                    return of(kind);
                }
            }
            throw new IllegalStateException("the shares do not sum to 100");
        }

        Optional<Demonstration> of(Kind kind) {
            return switch (kind) {
                case POEM -> poems.poem();
                case CONTINUATION -> poems.continuation();
                case FOLLOW_UP -> poems.followUp();
                case TALK -> Optional.of(talk.talk());
                case AUTHORSHIP -> Optional.of(talk.authorship());
                case HARM -> Optional.of(talk.harm());
            };
        }
    }
}
