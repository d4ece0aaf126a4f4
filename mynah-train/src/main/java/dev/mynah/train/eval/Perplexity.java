package dev.mynah.train.eval;

import dev.mynah.engine.Score;
import dev.mynah.engine.Scorer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** How well a model predicts a text. The interval is drawn over the windows in which the text is read, since neighbouring tokens depend on each other. */
final class Perplexity implements EvalTask {
    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public EvalResult run(EvalModel model, EvalData data, EvalOptions options) throws IOException {
        Path file = options.data();
        if (file == null) {
            throw new IllegalArgumentException("the task perplexity needs --data FILE, a text in UTF-8");
        }
        String text = EvalData.wholeText(file);
        int[] ids = model.tokenizer().encodeForModel(text);
        List<Scorer.Window> used =
                model.scorer().windows(ids, options.most(), (done, all) -> model.progress("Reading", done, all));
        int tokens = used.stream().mapToInt(Scorer.Window::tokens).sum();
        long allBytes = text.getBytes(StandardCharsets.UTF_8).length;
        // Of a part of the text, the bytes are counted in proportion to the tokens.
        double bytesPerToken = (double) allBytes / (ids.length - 1);
        return new EvalResult(
                name(),
                tokens,
                0,
                "exponential of the mean loss of a token, the first only read, in windows of the context that overlap by half; and its bits for a byte of the text",
                "Jelinek et al. 1977; bits per byte as in The Pile (Gao et al. 2020)",
                List.of(
                        metric("perplexity", used, score -> Math.exp(-score.logLikelihood() / score.tokens()), options),
                        metric(
                                "bits_per_byte",
                                used,
                                score -> -score.logLikelihood() / Math.log(2) / (score.tokens() * bytesPerToken),
                                options)));
    }

    private interface OfScore {
        double of(Score score);
    }

    private static Metric metric(String name, List<Scorer.Window> windows, OfScore value, EvalOptions options) {
        return Metric.bootstrap(
                name,
                windows.size(),
                indices -> value.of(new Score(
                        Arrays.stream(indices)
                                .mapToDouble(i -> windows.get(i).logLikelihood())
                                .sum(),
                        Arrays.stream(indices).map(i -> windows.get(i).tokens()).sum(),
                        0)),
                options.seed());
    }
}
