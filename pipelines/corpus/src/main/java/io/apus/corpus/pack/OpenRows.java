package io.apus.corpus.pack;

import java.util.Arrays;
import java.util.BitSet;

/** Rows that still have room: for every amount of room the rows that have just that, the first opened on top of a heap. */
final class OpenRows {
    private final int[][] heaps;
    private final int[] sizes;
    private final BitSet rooms;

    OpenRows(int capacity) {
        heaps = new int[capacity + 1][];
        sizes = new int[capacity + 1];
        rooms = new BitSet(capacity + 1);
    }

    /** The least room of at least {@code length} tokens that an open row has, or -1. */
    int leastRoom(int length) {
        return rooms.nextSetBit(length);
    }

    /** Takes out the first opened row that has {@code room}. */
    int take(int room) {
        int[] heap = heaps[room];
        int first = heap[0];
        int last = heap[--sizes[room]];
        sink(heap, sizes[room], last);
        if (sizes[room] == 0) {
            rooms.clear(room);
        }
        return first;
    }

    /** Puts in a row that has {@code room} left. */
    void put(int room, int row) {
        int size = sizes[room]++;
        if (heaps[room] == null) {
            heaps[room] = new int[4];
        } else if (size == heaps[room].length) {
            heaps[room] = Arrays.copyOf(heaps[room], size * 2);
        }
        rise(heaps[room], size, row);
        rooms.set(room);
    }

    private static void rise(int[] heap, int from, int value) {
        int at = from;
        while (at > 0 && heap[(at - 1) / 2] > value) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = value;
    }

    private static void sink(int[] heap, int size, int value) {
        int at = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[at] = heap[child];
            at = child;
            child = 2 * at + 1;
        }
        heap[at] = value;
    }
}
