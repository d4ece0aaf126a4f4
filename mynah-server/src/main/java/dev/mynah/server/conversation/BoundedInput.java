package dev.mynah.server.conversation;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Passes on at most so many bytes; a stream that has more is refused. */
final class BoundedInput extends FilterInputStream {
    private final long most;
    private final String what;
    private long read;

    /** @param what the name of what is read, for the message */
    BoundedInput(InputStream in, long most, String what) {
        super(in);
        this.most = most;
        this.what = what;
    }

    long bytesRead() {
        return read;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = super.read(into, from, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) {
        read += bytes;
        if (read > most) {
            throw new IllegalArgumentException(what + " is too large: the limit is " + most + " bytes");
        }
    }
}
