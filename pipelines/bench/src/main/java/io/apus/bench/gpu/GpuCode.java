package io.apus.bench.gpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes a shared library compress to what one GPU needs: machine code for others and the names that only a debugger reads become zeros.
 * Offsets stay, so the library loads as before.
 *
 * <p>CUDA's compiler lays code for every architecture into the ELF section {@code .nv_fatbin} as runs of entries, each with a header that
 * names its architecture (the layout is NVIDIA's; cuobjdump prints it).
 */
public final class GpuCode {
    private static final int FATBIN = 0xBA55ED50;
    private static final int FATBIN_HEADER = 16;
    private static final int ARCHITECTURE = 28;
    private static final Set<String> NAMES = Set.of(".symtab", ".strtab");

    private record Section(String name, long offset, long size) {}

    private record Entry(long payload, long size, int architecture) {}

    private GpuCode() {}

    /** Arguments: the architecture, e.g. 90 for sm_90, then libraries. */
    public static void main(String[] arguments) throws IOException {
        int architecture = Integer.parseInt(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            Path library = Path.of(arguments[i]);
            System.out.println(library.getFileName() + ": " + keep(library, architecture) + " bytes cleared");
        }
    }

    /** Keeps the code for {@code architecture} (90 for sm_90) in {@code library}; returns the bytes that became zeros. */
    static long keep(Path library, int architecture) throws IOException {
        try (FileChannel file = FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer all = whole(file);
            long cleared = 0;
            for (Section section : sections(all)) {
                if (NAMES.contains(section.name())) {
                    cleared += clear(all, section.offset(), section.size());
                } else if (section.name().equals(".nv_fatbin")) {
                    cleared += keep(all, section, architecture);
                }
            }
            return cleared;
        }
    }

    private static ByteBuffer whole(FileChannel file) throws IOException {
        MappedByteBuffer all = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size());
        return all.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Section> sections(ByteBuffer all) {
        long table = all.getLong(0x28);
        int entrySize = Short.toUnsignedInt(all.getShort(0x3A));
        int count = Short.toUnsignedInt(all.getShort(0x3C));
        int namesIndex = Short.toUnsignedInt(all.getShort(0x3E));
        long names = all.getLong(Math.toIntExact(table + (long) namesIndex * entrySize) + 0x18);
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = Math.toIntExact(table + (long) i * entrySize);
            sections.add(new Section(
                    text(all, Math.toIntExact(names + all.getInt(at))),
                    all.getLong(at + 0x18),
                    all.getLong(at + 0x20)));
        }
        return sections;
    }

    private static String text(ByteBuffer all, int at) {
        int end = at;
        while (all.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        all.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static long keep(ByteBuffer all, Section section, int architecture) {
        long cleared = 0;
        long at = section.offset();
        long end = section.offset() + section.size();
        while (at + FATBIN_HEADER <= end) {
            if (all.getInt(Math.toIntExact(at)) != FATBIN) {
                at += 8;
                continue;
            }
            long size = all.getLong(Math.toIntExact(at) + 8);
            List<Entry> entries = entries(all, at + FATBIN_HEADER, at + FATBIN_HEADER + size);
            // Where there is none for the architecture, the driver may make it of another: all stay.
            if (entries.stream().anyMatch(entry -> entry.architecture() == architecture)) {
                for (Entry entry : entries) {
                    cleared += entry.architecture() == architecture ? 0 : clear(all, entry.payload(), entry.size());
                }
            }
            at += FATBIN_HEADER + size;
        }
        return cleared;
    }

    private static List<Entry> entries(ByteBuffer all, long begin, long end) {
        List<Entry> entries = new ArrayList<>();
        long at = begin;
        while (at < end) {
            int header = all.getInt(Math.toIntExact(at) + 4);
            long size = all.getLong(Math.toIntExact(at) + 8);
            entries.add(new Entry(at + header, size, all.getInt(Math.toIntExact(at) + ARCHITECTURE)));
            at += header + size;
        }
        return entries;
    }

    private static long clear(ByteBuffer all, long at, long size) {
        all.put(Math.toIntExact(at), new byte[Math.toIntExact(size)]);
        return size;
    }
}
