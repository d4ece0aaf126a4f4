package dev.mynah.train.poet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which characters rhyme, by two rhyme books: the fourteen classes of the Zhonghua Xinyun (中华新韵), by today's reading,
 * and the 106 groups of the Pingshui rhymes (平水韵), by which Tang and Song poets wrote. How the table was made is told
 * in {@code recipes/poet/make_rhymes.py}.
 */
public final class RhymeTable {
    private static final String RESOURCE = "rhymes.tsv";

    /** A character's rhymes: names of Pingshui groups, and the number of its Xinyun class. */
    private final Map<Integer, Set<String>> rhymes;

    private RhymeTable(Map<Integer, Set<String>> rhymes) {
        this.rhymes = rhymes;
    }

    /** The table that the jar carries. */
    public static RhymeTable load() {
        Map<Integer, Set<String>> rhymes = new HashMap<>();
        try (InputStream in = RhymeTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the jar");
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .forEach(fields -> rhymes.put(fields[0].codePointAt(0), names(fields)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RhymeTable(rhymes);
    }

    private static Set<String> names(String[] fields) {
        Set<String> names = new HashSet<>(Arrays.asList(fields[2].split(",")));
        names.add(fields[1]);
        names.remove("");
        return Set.copyOf(names);
    }

    /** Whether there is one class or group that all characters belong to. */
    public boolean rhyme(List<Integer> characters) {
        Set<String> common = new HashSet<>(rhymes.getOrDefault(characters.getFirst(), Set.of()));
        for (int character : characters) {
            common.retainAll(rhymes.getOrDefault(character, Set.of()));
        }
        return !common.isEmpty();
    }
}
