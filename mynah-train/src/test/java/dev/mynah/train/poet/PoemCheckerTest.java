package dev.mynah.train.poet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoemCheckerTest {
    private static final String SPRING_DAWN = "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。";
    private final RhymeTable rhymes = RhymeTable.load();
    private final PoemChecker checker = new PoemChecker(rhymes, Set.of());

    @Test
    void poemThatKeepsAllRules() {
        PoemVerdict verdict = checker.check(SPRING_DAWN, new PoemRequest(PoemForm.FIVE_QUATRAIN, List.of("花", "春")));
        assertThat(verdict.all()).isTrue();
    }

    @Test
    void eachRuleIsJudgedByItself() {
        PoemRequest request = new PoemRequest(PoemForm.FIVE_QUATRAIN, List.of("月"));
        assertThat(checker.check(SPRING_DAWN, request)).isEqualTo(new PoemVerdict(true, true, false, true, true, true));

        String twice = "明月照天山，明月照天山。\n清风过江水，白鸟入云间。";
        assertThat(checker.check(twice, request)).isEqualTo(new PoemVerdict(true, true, true, false, true, true));

        String unrhymed = "明月照高楼，清风入小窗。\n白云生远岫，飞鸟过长江。".replace("江", "海");
        assertThat(checker.check(unrhymed, request)).isEqualTo(new PoemVerdict(true, false, true, true, true, true));

        String short4 = "明月照高楼，清风入小窗。\n白云生远，飞鸟过长江。";
        assertThat(checker.check(short4, request)).isEqualTo(new PoemVerdict(false, true, true, true, true, true));
    }

    @Test
    void chatterAroundThePoemBreaksItsForm() {
        PoemRequest request = new PoemRequest(PoemForm.FIVE_QUATRAIN, List.of());
        assertThat(checker.check("好的：\n" + SPRING_DAWN, request).form()).isFalse();
        assertThat(checker.check("", request).form()).isFalse();
        assertThat(checker.check("", request).rhyme()).isFalse();
    }

    @Test
    void moreThanHalfOfTheLinesFromTheCorpusIsACopy() {
        PoemRequest request = new PoemRequest(PoemForm.FIVE_QUATRAIN, List.of());
        Set<String> half = Set.of("春眠不觉晓", "处处闻啼鸟");
        Set<String> more = Set.of("春眠不觉晓", "处处闻啼鸟", "夜来风雨声");
        assertThat(new PoemChecker(rhymes, half).check(SPRING_DAWN, request).original())
                .isTrue();
        assertThat(new PoemChecker(rhymes, more).check(SPRING_DAWN, request).original())
                .isFalse();
    }

    /** 回 and 来 rhymed for the Tang poets and no longer do; 斜 and 家 likewise. */
    @Test
    void rhymesByTheOldBookOrTheNew() {
        assertThat(rhymes.rhyme(List.of((int) '回', (int) '来'))).isTrue();
        assertThat(rhymes.rhyme(List.of((int) '斜', (int) '家'))).isTrue();
        assertThat(rhymes.rhyme(List.of((int) '东', (int) '冬'))).isTrue();
        assertThat(rhymes.rhyme(List.of((int) '诗', (int) '人'))).isFalse();
        assertThat(rhymes.rhyme(List.of((int) 'a', (int) 'a'))).isFalse();
    }

    @Test
    void formOfAPoem() {
        assertThat(PoemForm.of(Poem.of(SPRING_DAWN))).contains(PoemForm.FIVE_QUATRAIN);
        assertThat(PoemForm.of(Poem.of("春眠不觉晓，处处闻啼鸟。"))).isEmpty();
    }
}
