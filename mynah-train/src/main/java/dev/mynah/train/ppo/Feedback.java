package dev.mynah.train.ppo;

import dev.mynah.data.Message;
import java.io.IOException;
import java.util.List;

/** A person, or a script in a person's place, who says how good answers are. */
@FunctionalInterface
public interface Feedback {

    /** What an answer is worth, from -1 for bad to 1 for good; 0 says nothing. */
    double of(List<Message> prompt, String answer) throws IOException;
}
