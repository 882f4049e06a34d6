namespace Minion.Tools.Sandboxes.Network;

/// <summary>The way from a sandbox's own loopback to the proxy: it starts the command and carries bytes to the proxy's socket.</summary>
internal static class Forwarder
{
    /// <summary>Where programs in the sandbox find it.</summary>
    public const string Url = "http://127.0.0.1:3128";

    /// <summary>Python that takes the command as its arguments; holds no single quotes.</summary>
    public const string Script =
        """
        import os, signal, socket, sys, threading
        server = socket.socket()
        server.bind(("127.0.0.1", 3128))
        server.listen(64)
        command = os.fork()
        if command == 0:
            server.close()
            try:
                os.execvp(sys.argv[1], sys.argv[1:])
            except OSError as error:
                print(error, file=sys.stderr)
                os._exit(127)
        def carry(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        def serve(client):
            with client, socket.socket(socket.AF_UNIX) as proxy:
                try:
                    proxy.connect("/run/minion/proxy")
                except OSError:
                    return
                back = threading.Thread(target=carry, args=(proxy, client), daemon=True)
                back.start()
                carry(client, proxy)
                back.join()
        def accept():
            while True:
                client, _ = server.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
        os._exit(code if code >= 0 else 128 - code)
        """;
}
