package io.apus.tensor.collective;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the meeting place tells a rank.
 *
 * @param problem why the group cannot form, empty if it can
 * @param brought what each rank has brought, by rank
 */
record MeetingAnswer(String problem, List<byte[]> brought) {
    static MeetingAnswer all(List<byte[]> brought) {
        return new MeetingAnswer("", brought);
    }

    static MeetingAnswer refused(String problem) {
        return new MeetingAnswer(problem, List.of());
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(problem);
        out.writeInt(brought.size());
        for (byte[] one : brought) {
            out.writeInt(one.length);
            out.write(one);
        }
        out.flush();
    }

    static MeetingAnswer read(DataInputStream in) throws IOException {
        String problem = in.readUTF();
        int size = in.readInt();
        List<byte[]> brought = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            brought.add(MeetingRequest.bytes(in));
        }
        return new MeetingAnswer(problem, brought);
    }
}
