package dev.mynah.text.bench;

import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.BpeTrainer;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Encoding and training on a text file whose documents are separated by empty lines. Encoding is of the whole file on
 * one thread: megabytes a second are the file's size over the time.
 *
 * <pre>
 * ./mvnw -q -pl mynah-text -am test-compile
 * ./mvnw -q -pl mynah-text dependency:build-classpath -Dmdep.outputFile=target/test.classpath
 * java -cp mynah-text/target/classes:mynah-text/target/test-classes:$(cat mynah-text/target/test.classpath) \
 *     org.openjdk.jmh.Main TokenizerBenchmark.encode -p text=FILE -p tokenizer=FOLDER
 * </pre>
 *
 * {@code src/test/bench/tiktoken_speed.py} measures tiktoken on the same file with the same vocabulary.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
public class TokenizerBenchmark {

    /** A UTF-8 file. */
    @Param("")
    public String text = "";

    /** The folder of a {@code tokenizer.json}. */
    @Param("")
    public String tokenizer = "";

    /** Size of the vocabulary to train. */
    @Param("16384")
    public int vocabSize;

    private List<String> documents = List.of();
    private BpeTokenizer loaded = new BpeTrainer(256, List.of()).train(List.of());

    /** Reads the text and the tokenizer. */
    @Setup(Level.Trial)
    public void setUp() throws IOException {
        documents = List.of(Files.readString(Path.of(text)).split("\n\n"));
        if (!tokenizer.isEmpty()) {
            loaded = (BpeTokenizer) Tokenizers.load(Path.of(tokenizer));
        }
    }

    /** Number of tokens, so that the work is not optimised away. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 3, time = 3)
    @Measurement(iterations = 5, time = 3)
    public long encode() {
        long tokens = 0;
        for (String document : documents) {
            tokens += loaded.encode(document).length;
        }
        return tokens;
    }

    /** A vocabulary trained on the text. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 3)
    public BpeTokenizer train() {
        return new BpeTrainer(vocabSize, List.of("<|endoftext|>")).train(documents);
    }
}
