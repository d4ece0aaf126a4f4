package dev.mynah.server.provider;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import dev.mynah.server.store.Ids;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.chat.ToolCall;
import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolCallParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds calls of tools in what a model writes, and keeps them out of the text. */
final class ToolCallListener implements GenerationListener {

    /** Is told of calls, too. */
    interface Target extends GenerationListener {
        void onCall(ToolCall call);
    }

    private final Target target;
    private final Tokenizer tokenizer;
    private final ToolCallFormat format;
    private final boolean parallel;
    private final ToolCallParser parser;
    private boolean called;

    /** @param parallel whether calls after the first count */
    ToolCallListener(Target target, Tokenizer tokenizer, ToolCallFormat format, boolean parallel) {
        this.target = target;
        this.tokenizer = tokenizer;
        this.format = format;
        this.parallel = parallel;
        parser = new ToolCallParser(format, () -> id(format));
    }

    /** Mistral's templates take no id but of nine letters or digits. */
    private static String id(ToolCallFormat format) {
        String id = Ids.next("call_");
        return format == ToolCallFormat.MISTRAL ? id.substring(id.length() - 9) : id;
    }

    @Override
    public void onToken(int token, String text, @Nullable TokenLogProb logProb) {
        ToolCallParser.Found found = parser.feed(mark(token) + text);
        target.onToken(token, found.text(), logProb);
        calls(found.calls());
    }

    /** A special token is not shown, but one that begins calls must be seen by the parser. */
    private String mark(int token) {
        if (token >= tokenizer.vocabSize() || !tokenizer.isSpecial(token)) {
            return "";
        }
        String text = new String(tokenizer.bytes(token), StandardCharsets.UTF_8);
        return format.marks().contains(text) ? text : "";
    }

    private void calls(List<ToolCall> calls) {
        for (ToolCall call : calls) {
            if (parallel || !called) {
                called = true;
                target.onCall(call);
            }
        }
    }

    @Override
    public void onFinish(String text, FinishReason reason, Usage usage) {
        ToolCallParser.Found last = parser.feed(text);
        ToolCallParser.Found rest = parser.finish();
        calls(last.calls());
        calls(rest.calls());
        target.onFinish(last.text() + rest.text(), reason, usage);
    }

    @Override
    public void onFailure(RuntimeException failure, Usage usage) {
        target.onFailure(failure, usage);
    }
}
