package dev.mynah.train.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PaddedRowsTest {
    @Test
    void groupsHaveRowsOfLikeLengthAndEachRowOnce() {
        assertThat(PaddedRows.groups(new int[] {9, 2, 7, 2, 8}, 2))
                .containsExactly(List.of(1, 3), List.of(2, 4), List.of(0));
        assertThat(PaddedRows.groups(new int[] {}, 2)).isEmpty();
    }
}
