package dev.mynah.train.chat;

import dev.mynah.data.Message;
import java.util.List;

/**
 * A prompt in tokens.
 *
 * @param messages the conversation up to the turn that is answered
 * @param ids its tokens, with the beginning of the assistant's turn
 */
@SuppressWarnings("ArrayRecordComponent") // tokens by the hundred; never compared
public record EncodedPrompt(List<Message> messages, int[] ids) {

    public EncodedPrompt {
        messages = List.copyOf(messages);
    }
}
