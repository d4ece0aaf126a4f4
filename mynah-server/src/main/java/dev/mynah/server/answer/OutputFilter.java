package dev.mynah.server.answer;

import dev.mynah.server.provider.GenerationEvent;
import java.util.List;

/** Decides what is shown of an answer, and when. For one answer and its one reader. */
public interface OutputFilter {
    /** Shows everything. */
    OutputFilter NONE = new OutputFilter() {
        @Override
        public List<GenerationEvent> accept(GenerationEvent event) {
            return List.of(event);
        }

        @Override
        public boolean isCut() {
            return false;
        }
    };

    /** Takes the next event of the model, and gives those that may be shown now. */
    List<GenerationEvent> accept(GenerationEvent event);

    /** Whether nothing more of the model will be shown. */
    boolean isCut();
}
