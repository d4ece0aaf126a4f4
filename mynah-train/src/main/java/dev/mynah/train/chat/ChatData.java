package dev.mynah.train.chat;

import dev.mynah.data.Conversation;
import dev.mynah.data.Conversations;
import dev.mynah.data.Prompt;
import dev.mynah.data.Prompts;
import dev.mynah.data.Ranking;
import dev.mynah.data.Rankings;
import dev.mynah.data.SkipLog;
import dev.mynah.data.Skipped;
import dev.mynah.data.Split;
import dev.mynah.data.SplitFractions;
import dev.mynah.train.Datasets;
import dev.mynah.train.chat.ChatFormat.Encoded;
import dev.mynah.train.config.ChatDataSection;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunInfo.DataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Conversations and rankings as the {@code data} section names them: read, checked against the context, divided. */
public final class ChatData {

    private ChatData() {}

    /** Encoded records by split. */
    public record Splits<T>(List<T> train, List<T> validation, Skipped skipped) {

        /** What a run's report says of these records; the tokens are those that each split counts. */
        public DataSource described(ChatDataSection section, long trainTokens, long validationTokens) {
            String paths = String.join(", ", section.paths());
            return new DataSource(
                    Objects.requireNonNullElse(section.source(), paths),
                    paths,
                    section.licence(),
                    (long) train.size() + validation.size(),
                    0,
                    trainTokens,
                    validationTokens,
                    skipped.count());
        }
    }

    /**
     * Reads and encodes all conversations.
     *
     * @param context the most tokens that one may have
     * @throws IllegalArgumentException for the first record that cannot be used, by file and line, unless they are to be left out; or where none is left
     */
    public static Splits<Encoded> conversations(
            ChatDataSection section, Datasets datasets, ChatFormat format, int context, long seed, Monitor monitor)
            throws IOException {
        SkipLog skips = new SkipLog(!section.skipBad());
        Divider<Encoded> divider = new Divider<>(section, seed);
        for (Part part : Part.of(section)) {
            for (Conversation conversation : Conversations.read(datasets.resolve(part.paths()), skips)) {
                Encoded encoded = rendered(
                        skips,
                        conversation.file(),
                        conversation.record(),
                        () -> format.encode(conversation.messages()));
                if (encoded == null) {
                    continue;
                }
                if (encoded.ids().length > context) {
                    skips.add(
                            conversation.file(),
                            conversation.record(),
                            "the conversation has " + encoded.ids().length + " tokens, the context holds " + context);
                } else {
                    divider.add(part, conversation.splitKey(), encoded);
                }
            }
        }
        return divider.splits(skips, monitor);
    }

    /**
     * Reads and encodes all rankings.
     *
     * @param context the most tokens that a prompt with one of its answers may have
     * @throws IllegalArgumentException as {@link #conversations}
     */
    public static Splits<EncodedRanking> rankings(
            ChatDataSection section, Datasets datasets, ChatFormat format, int context, long seed, Monitor monitor)
            throws IOException {
        SkipLog skips = new SkipLog(!section.skipBad());
        Divider<EncodedRanking> divider = new Divider<>(section, seed);
        for (Part part : Part.of(section)) {
            for (Ranking ranking : Rankings.read(datasets.resolve(part.paths()), skips)) {
                EncodedRanking encoded =
                        rendered(skips, ranking.file(), ranking.record(), () -> EncodedRanking.of(ranking, format));
                if (encoded == null) {
                    continue;
                }
                if (encoded.longest() > context) {
                    skips.add(
                            ranking.file(),
                            ranking.record(),
                            "prompt and answer have " + encoded.longest() + " tokens, the context holds " + context);
                } else {
                    divider.add(part, ranking.splitKey(), encoded);
                }
            }
        }
        return divider.splits(skips, monitor);
    }

    /**
     * Reads and encodes all prompts.
     *
     * @param context the most tokens that a prompt with its answer may have; at least one is left for the answer
     * @throws IllegalArgumentException as {@link #conversations}
     */
    public static Splits<EncodedPrompt> prompts(
            ChatDataSection section, Datasets datasets, ChatFormat format, int context, long seed, Monitor monitor)
            throws IOException {
        SkipLog skips = new SkipLog(!section.skipBad());
        Divider<EncodedPrompt> divider = new Divider<>(section, seed);
        for (Part part : Part.of(section)) {
            for (Prompt prompt : Prompts.read(datasets.resolve(part.paths()), skips)) {
                int[] ids = rendered(skips, prompt.file(), prompt.record(), () -> format.prompt(prompt.messages()));
                if (ids == null) {
                    continue;
                }
                if (ids.length >= context) {
                    skips.add(
                            prompt.file(),
                            prompt.record(),
                            "the prompt has " + ids.length + " tokens, and the context of " + context
                                    + " leaves none for an answer");
                } else {
                    divider.add(part, prompt.splitKey(), new EncodedPrompt(prompt.messages(), ids));
                }
            }
        }
        return divider.splits(skips, monitor);
    }

    /** What {@code rendering} makes of a record, or null where the model's chat template refuses it. */
    private static <T> @Nullable T rendered(SkipLog skips, Path file, long record, Supplier<T> rendering) {
        try {
            return rendering.get();
        } catch (IllegalArgumentException e) {
            skips.add(file, record, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /**
     * Some of the data.
     *
     * @param heldOut whether all of it is for validation
     */
    private record Part(List<String> paths, boolean heldOut) {
        static List<Part> of(ChatDataSection section) {
            Part divided = new Part(section.paths(), false);
            return section.validationPaths().isEmpty()
                    ? List.of(divided)
                    : List.of(divided, new Part(section.validationPaths(), true));
        }
    }

    /** Puts records into splits. */
    private static final class Divider<T> {
        private final SplitFractions fractions;
        private final long seed;
        private final List<T> train = new ArrayList<>();
        private final List<T> validation = new ArrayList<>();

        Divider(ChatDataSection section, long seed) {
            this.fractions = new SplitFractions(1 - section.validation(), section.validation(), 0);
            this.seed = seed;
        }

        void add(Part part, String key, T record) {
            (part.heldOut() || fractions.of(key, seed) == Split.VALIDATION ? validation : train).add(record);
        }

        Splits<T> splits(SkipLog skips, Monitor monitor) {
            Skipped skipped = skips.report();
            if (skipped.count() > 0) {
                monitor.notice("%,d records cannot be used and are left out:".formatted(skipped.count()));
                skipped.first().forEach(item -> monitor.notice("  " + item));
            }
            if (train.isEmpty()) {
                throw new IllegalArgumentException("no record is left to train on; the validation split has "
                        + validation.size() + ", left out are " + skipped.count());
            }
            return new Splits<>(train, validation, skipped);
        }
    }
}
