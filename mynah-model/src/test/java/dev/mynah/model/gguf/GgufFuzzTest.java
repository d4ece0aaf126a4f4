package dev.mynah.model.gguf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;

/** Any bytes are the header of a GGUF file, or refused in one sentence. See docs/development.md for how to fuzz. */
class GgufFuzzTest {

    @FuzzTest
    void header(byte[] bytes) {
        try {
            GgufHeader.parse(MemorySegment.ofArray(bytes));
        } catch (GgufFormatException e) {
            // Refused.
        }
    }
}
