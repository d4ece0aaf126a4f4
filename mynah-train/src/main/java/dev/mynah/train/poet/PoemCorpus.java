package dev.mynah.train.poet;

import dev.mynah.data.JsonRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The poems that the poet learns from, by form and by the words that stand in them.
 *
 * <p>Only poems in a regulated form whose even lines rhyme, and no line of which is repeated, are examples to follow; the lines of all poems are known, so that copies are recognised.
 */
public final class PoemCorpus {
    private final Map<PoemForm, List<Entry>> byForm = new EnumMap<>(PoemForm.class);
    private final Map<PoemForm, Map<String, List<Entry>>> byWord = new EnumMap<>(PoemForm.class);
    private final Set<String> knownLines = new HashSet<>();

    /** A poem with its title and author. */
    public record Entry(String title, String author, Poem poem) {}

    /**
     * Reads JSONL files, gzipped or not, whose records have {@code title}, {@code author} and {@code text}.
     *
     * @throws IOException if a file cannot be read
     */
    public static PoemCorpus read(List<Path> files, RhymeTable rhymes) throws IOException {
        PoemCorpus corpus = new PoemCorpus();
        for (Path file : files) {
            JsonRecords.readLines(file, record -> corpus.add(record, rhymes));
        }
        return corpus;
    }

    private void add(JsonNode record, RhymeTable rhymes) {
        Poem poem = Poem.of(record.path("text").asString(""));
        knownLines.addAll(poem.lines());
        PoemForm.of(poem)
                .filter(form -> !poem.hasRepeatedLine() && rhymes.rhyme(poem.rhymingCharacters()))
                .ifPresent(form -> {
                    Entry entry = new Entry(
                            record.path("title").asString(""),
                            record.path("author").asString(""),
                            poem);
                    byForm.computeIfAbsent(form, f -> new ArrayList<>()).add(entry);
                    Map<String, List<Entry>> index = byWord.computeIfAbsent(form, f -> new HashMap<>());
                    poem.words()
                            .forEach(word -> index.computeIfAbsent(word, w -> new ArrayList<>())
                                    .add(entry));
                });
    }

    /** The examples of a form. */
    public List<Entry> of(PoemForm form) {
        return byForm.getOrDefault(form, List.of());
    }

    /** The examples of a form that have a word, as {@link Poem#words} tells it. */
    List<Entry> with(PoemForm form, String word) {
        return byWord.getOrDefault(form, Map.of()).getOrDefault(word, List.of());
    }

    /** The verses of all poems. */
    public Set<String> knownLines() {
        return knownLines;
    }
}
