package dev.mynah.text;

/** Which neighbours merge, and in what order. */
interface Pairs {

    /** The answer for a pair that does not merge. */
    long NONE = -1;

    /**
     * What a pair of neighbours becomes.
     *
     * @param left id of the left one, negative where it is no token
     * @param right id of the right one
     * @param from begin of the left one in the text
     * @param to end of the right one
     * @return {@code rank << 32 | id}: pairs of lower rank merge first, and the id is that of the result; or
     *     {@link #NONE}
     */
    long merge(int left, int right, int from, int to);

    static long of(int rank, int id) {
        return (long) rank << 32 | id;
    }
}
