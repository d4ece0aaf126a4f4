package dev.mynah.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.jspecify.annotations.Nullable;

/**
 * Documents of one string column of a Parquet file, a row each. Pages and encodings are parquet-java's; the footer and the walk over row groups stand in {@link ParquetColumn} and
 * {@link ParquetPages}, because parquet-java's own need Hadoop. A file that breaks off is used up to the break.
 */
final class ParquetFileReader implements DocumentReader {

    private final Path file;
    private final String field;
    private final SkipLog skips;
    private final FileChannel channel;
    private @Nullable ParquetColumn column;
    private @Nullable ColumnReader values;
    private int chunks;
    private long leftInChunk;
    private long row;
    private boolean ended;

    ParquetFileReader(Path file, String field, SkipLog skips) throws IOException {
        this.file = file;
        this.field = field;
        this.skips = skips;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    @Override
    public @Nullable Document next() throws IOException {
        while (!ended) {
            byte[] value;
            try {
                if (!advance()) {
                    ended = true;
                    break;
                }
                value = value();
            } catch (CorruptRecordException e) {
                throw e;
            } catch (RuntimeException | OutOfMemoryError e) {
                // The decoders throw whatever damaged data leads them to, and ask for the memory that its counts claim.
                ended = true;
                skips.add(file, row + 1, "the Parquet file breaks here (" + reason(e) + "); the rows before are used");
                break;
            }
            Document document = document(value);
            if (document != null) {
                return document;
            }
        }
        return null;
    }

    /** Stands at the next value; false after the last. */
    private boolean advance() throws IOException {
        ParquetColumn of = column;
        if (of == null) {
            of = ParquetColumn.read(channel, field);
            column = of;
        }
        while (leftInChunk == 0) {
            if (chunks == of.chunks().size()) {
                return false;
            }
            ParquetColumn.Chunk chunk = of.chunks().get(chunks++);
            leftInChunk = Math.max(0, chunk.values());
            values = leftInChunk == 0 ? null : columnReader(of, chunk);
        }
        return true;
    }

    private ColumnReader columnReader(ParquetColumn of, ParquetColumn.Chunk chunk) {
        PageReader pages = new ParquetPages(channel, of, chunk);
        PageReadStore store = new PageReadStore() {
            @Override
            public PageReader getPageReader(org.apache.parquet.column.ColumnDescriptor descriptor) {
                return pages;
            }

            @Override
            public long getRowCount() {
                return chunk.values();
            }
        };
        return new ColumnReadStoreImpl(store, new Unconverted(), of.schema(), of.createdBy())
                .getColumnReader(of.descriptor());
    }

    /** The bytes of the value, or null; goes on to the next one. */
    private byte @Nullable [] value() {
        ColumnReader reader = values;
        ParquetColumn of = column;
        if (reader == null || of == null) {
            throw new IllegalStateException("no value");
        }
        boolean present = reader.getCurrentDefinitionLevel() == of.descriptor().getMaxDefinitionLevel();
        byte[] bytes = present ? reader.getBinary().getBytes() : null;
        leftInChunk--;
        row++;
        reader.consume();
        return bytes;
    }

    private @Nullable Document document(byte @Nullable [] value) {
        if (value == null) {
            skips.add(file, row, "column '" + field + "' is null in this row");
            return null;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(value))
                    .toString();
            return new Document(text, file, row);
        } catch (CharacterCodingException e) {
            skips.add(file, row, "column '" + field + "' is not UTF-8 in this row");
            return null;
        }
    }

    private static String reason(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            return "it claims more values than fit into memory";
        }
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** Pages are read one by one; the position in the file is not known to the byte. */
    @Override
    public long bytesRead() {
        ParquetColumn of = column;
        if (of == null || chunks == 0) {
            return 0;
        }
        ParquetColumn.Chunk chunk = of.chunks().get(chunks - 1);
        return ended ? chunk.start() + chunk.bytes() : chunk.start();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The column reader asks for converters, which are not used: values are taken as they are. */
    private static final class Unconverted extends GroupConverter {

        @Override
        public Converter getConverter(int fieldIndex) {
            return new PrimitiveConverter() {};
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
