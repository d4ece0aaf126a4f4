package dev.mynah.train.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Cases of lm-evaluation-harness's filters strict-match and flexible-extract. */
class Gsm8kTest {
    private static final String SOLUTION = "She sold 48/2 = <<48/2=24>>24 clips.\n#### 1,072";

    @Test
    void theFirstMarkedNumberCountsStrictly() {
        assertThat(Gsm8k.isStrictlyRight("so\n#### 1072\n#### 3", SOLUTION)).isTrue();
        assertThat(Gsm8k.isStrictlyRight("#### 1,072.", SOLUTION)).isTrue();
        assertThat(Gsm8k.isStrictlyRight("The answer is 1072.", SOLUTION)).isFalse();
        assertThat(Gsm8k.isStrictlyRight("#### -1072", SOLUTION)).isFalse();
        assertThat(Gsm8k.isStrictlyRight("", SOLUTION)).isFalse();
    }

    @Test
    void theLastNumberCountsFlexibly() {
        assertThat(Gsm8k.isFlexiblyRight("First 3, then $1,072.", SOLUTION)).isTrue();
        assertThat(Gsm8k.isFlexiblyRight("1072 of 3", SOLUTION)).isFalse();
        assertThat(Gsm8k.isFlexiblyRight("-5", "#### -5")).isTrue();
        assertThat(Gsm8k.isFlexiblyRight("none", SOLUTION)).isFalse();
    }
}
