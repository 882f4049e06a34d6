using Minion.Tools.Sandboxes;

namespace Minion.Tools.Tests.Sandboxes;

/// <summary>Attacks that want to use up the host.</summary>
internal static class UsingUp
{
    public static readonly Attack[] Attacks =
    [
        Attack.Refused("fork bomb", """
            import os, time
            made = 0
            for _ in range(400):
                try:
                    if os.fork() == 0:
                        time.sleep(20)
                        os._exit(0)
                    made += 1
                except OSError:
                    print("HELD at", made)
                    break
            else:
                print("ESCAPED")
            """),
        Attack.Refused("fork bomb of a shell", """
            #!sh
            sh -c 'bomb() { [ "$1" -gt 8 ] && { sleep 2; return; }; bomb $(($1 + 1)) & bomb $(($1 + 1)) & wait; }; bomb 1' 2>/tmp/errors
            grep -qi 'cannot fork' /tmp/errors && echo HELD || echo ESCAPED
            """),
        Attack.Refused("thread bomb", """
            import threading, time
            made = 0
            try:
                for _ in range(400):
                    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
                    made += 1
                print("ESCAPED")
            except RuntimeError:
                print("HELD at", made)
            """),
        Attack.Ended("memory bomb in one process", """
            try:
                kept = []
                for _ in range(60):
                    kept.append(bytearray(16 << 20))
                print("ESCAPED")
            except MemoryError:
                print("HELD")
            """, SandboxEnd.OutOfMemory),
        Attack.Ended("memory bomb in many processes", """
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    kept = bytearray(100 << 20)
                    for i in range(0, len(kept), 4096):
                        kept[i] = 1
                    time.sleep(3)
                    os._exit(0)
            died = 0
            for _ in range(8):
                if os.wait()[1] != 0:
                    died += 1
            print("HELD" if died else "ESCAPED")
            """, SandboxEnd.OutOfMemory),
        Attack.Ended("memory bomb by mapping shared memory", """
            import mmap
            try:
                kept = []
                for _ in range(40):
                    area = mmap.mmap(-1, 16 << 20)
                    for i in range(0, len(area), 4096):
                        area[i] = 1
                    kept.append(area)
                print("ESCAPED")
            except (OSError, MemoryError):
                print("HELD")
            """, SandboxEnd.OutOfMemory),
        Attack.Refused("memory that belongs to no process", """
            import ctypes, os
            libc = ctypes.CDLL(None)
            got = []
            try:
                got.append(os.memfd_create("x"))
            except OSError:
                pass
            got += [n for n in (libc.shmget(0, 4096, 0o1600), libc.msgget(0, 0o1600)) if n >= 0]
            print("ESCAPED", got) if got else print("HELD")
            """),
        Attack.Ended("filling the home folder", """
            import os
            try:
                for n in range(40):
                    with open(f"{n}.bin", "wb") as file:
                        file.write(bytes(2 << 20))
                print("ESCAPED")
            except OSError as error:
                print("HELD", error)
            """, SandboxEnd.OutOfMemory),
        Attack.Ended("filling the disk with files that have been deleted", """
            kept = []
            import os
            try:
                for n in range(40):
                    file = open("same.bin", "wb", buffering=0)
                    os.unlink("same.bin")
                    file.write(bytes(2 << 20))
                    if os.fstat(file.fileno()).st_size < 2 << 20:
                        raise OSError("short write")
                    kept.append(file)
                print("ESCAPED")
            except OSError as error:
                print("HELD", error)
            """, SandboxEnd.OutOfMemory),
        Attack.Ended("filling /tmp and /dev/shm", """
            held = 0
            for place in ("/tmp", "/dev/shm"):
                try:
                    with open(place + "/big", "wb", buffering=0) as file:
                        for _ in range(40):
                            if file.write(bytes(1 << 20)) < 1 << 20:
                                raise OSError("short write")
                except OSError:
                    held += 1
            print("HELD" if held == 2 else "ESCAPED")
            """, SandboxEnd.OutOfMemory),
        Attack.Refused("writing where there is no limit", """
            import os
            written = []
            for place in ("/", "/dev", "/run", "/run/minion", "/var", "/home", "/proc", "/etc", "/usr", "/dev/pts"):
                try:
                    with open(place + "/file", "wb") as file:
                        file.write(b"x")
                    written.append(place)
                except OSError:
                    pass
            print("ESCAPED " + " ".join(written) if written else "HELD")
            """),
        Attack.Ended("a file without end", """
            try:
                with open("endless", "wb", buffering=0) as file:
                    file.truncate(1 << 40)
                print("ESCAPED")
            except OSError:
                print("HELD")
            """),
        Attack.Ended("a great many small files", """
            import os
            for n in range(30_000):
                try:
                    os.close(os.open(f"/tmp/{n}", os.O_CREAT | os.O_WRONLY))
                except OSError:
                    print("HELD at", n)
                    break
            else:
                import time
                time.sleep(30)
                print("ESCAPED")
            """, SandboxEnd.TooManyFiles, SandboxEnd.OutOfMemory),
        new Attack("endless output", "import sys\nwhile True:\n    sys.stdout.write('spam' * 4096)", result => result.End == SandboxEnd.TooMuchOutput && result.Output.Length < 64 * 1024),
        new Attack("endless errors", "#!sh\nyes >&2", result => result.End == SandboxEnd.TooMuchOutput && result.Error.Length < 64 * 1024),
        new Attack("a loop without end", "while True: pass", result => result.End is SandboxEnd.OutOfCpu or SandboxEnd.TimedOut),
        new Attack("waiting without end, deaf to signals", """
            import signal, time
            for number in range(1, 32):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except OSError:
                    pass
            while True:
                time.sleep(1)
            """, result => result.End is SandboxEnd.TimedOut),
        Attack.Refused("opening files without end", """
            kept = []
            try:
                for _ in range(2000):
                    kept.append(open("/dev/null"))
                print("ESCAPED")
            except OSError:
                print("HELD at", len(kept))
            """),
    ];
}
