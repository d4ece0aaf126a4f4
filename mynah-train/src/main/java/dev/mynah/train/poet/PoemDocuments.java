package dev.mynah.train.poet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What the poet reads before it talks: every poem behind its title, its author, and a line that says what is asked of it, its form and some of its words and themes, or one of its verses, as the control codes of
 * Keskar et al. 2019 do. So every poem, and not the demonstrations alone, asks it to write what stands before it; verses above all teach it to copy.
 */
public final class PoemDocuments {
    private static final int MOST_SUBJECTS = 3;

    private final RandomGenerator random;

    public PoemDocuments(RandomGenerator random) {
        this.random = random;
    }

    /** The document of one poem. */
    public String document(String title, String author, String text) {
        Poem poem = Poem.of(text);
        String line = random.nextInt(8) == 0 || poem.lines().isEmpty() ? "" : request(poem) + "\n";
        return title + "\n" + author + "\n" + line + text;
    }

    private String request(Poem poem) {
        Language language = random.nextInt(3) == 0 ? Language.EN : Language.ZH;
        String form =
                PoemForm.of(poem).map(f -> Phrases.name(f, language, random)).orElse("");
        String asked = random.nextInt(3) == 0
                ? "“" + verse(poem) + "”"
                : String.join(language == Language.ZH ? "，" : ", ", subjects(poem, language));
        return form + (language == Language.ZH ? "：" : ": ") + asked;
    }

    /** The first verse, or any. */
    private String verse(Poem poem) {
        List<String> lines = poem.lines();
        return random.nextBoolean() ? lines.getFirst() : lines.get(random.nextInt(lines.size()));
    }

    /** Names of themes that the poem has, and in Chinese as often words of it. */
    private Set<String> subjects(Poem poem, Language language) {
        List<String> themes = new ArrayList<>();
        for (Theme theme : Theme.ALL) {
            if (poem.containsAny(theme.words())) {
                themes.add(theme.name(language));
            }
        }
        Collections.shuffle(themes, random);
        Poem opening = new Poem(poem.lines().subList(0, 1));
        List<String> words = List.copyOf((random.nextBoolean() ? opening : poem).words());
        Set<String> subjects = new LinkedHashSet<>();
        int count = 1 + random.nextInt(MOST_SUBJECTS);
        for (int i = 0; i < count; i++) {
            if (language == Language.ZH && random.nextBoolean()) {
                subjects.add(words.get(random.nextInt(words.size())));
            } else if (i < themes.size()) {
                subjects.add(themes.get(i));
            }
        }
        return subjects;
    }
}
