namespace Minion.Tools.Browser;

/// <summary>
/// The way from the browser's own loopback to the proxies outside: the program that starts the browser within its network namespace, where there is
/// nothing else. Each context has a loopback address of its own, which is the name of its proxy's socket.
/// </summary>
internal static class BrowserForwarder
{
    /// <summary>Where the folder of the sockets lies for it.</summary>
    public const string Sockets = "/run/minion/proxies";

    /// <summary>Where it lies itself, and the program that runs it.</summary>
    public const string Path = "/run/minion/forwarder.js";

    /// <inheritdoc cref="Path"/>
    public const string Node = "/run/minion/node";

    /// <summary>The port on each address.</summary>
    public const int Port = 3128;

    /// <summary>JavaScript for Node.js; its arguments are the browser and the browser's. The browser gets its two pipes to the driver (3 and 4).</summary>
    public const string Script =
        $$"""
        const net = require('net');
        const { spawn } = require('child_process');
        const server = net.createServer({ allowHalfOpen: true }, client => {
          const proxy = net.connect({ path: '{{Sockets}}/' + client.localAddress, allowHalfOpen: true });
          const end = () => { client.destroy(); proxy.destroy(); };
          client.on('error', end);
          proxy.on('error', end);
          client.pipe(proxy);
          proxy.pipe(client);
        });
        server.listen(3128, '0.0.0.0', () => {
          const browser = spawn(process.argv[2], process.argv.slice(3), { stdio: [0, 1, 2, 3, 4] });
          browser.on('error', error => { console.error(error.message); process.exit(127); });
          browser.on('exit', code => process.exit(code ?? 128));
        });
        """;

    /// <summary>The address of a context.</summary>
    /// <param name="number">Counts the contexts of a browser.</param>
    public static string Address(int number) => $"127.1.{number / 250 % 250}.{(number % 250) + 1}";

    /// <summary>The Node.js that the driver brings along; null when it is not there.</summary>
    public static string? FindNode() => Directory.Exists(DriverFolder)
        ? Directory.EnumerateFiles(DriverFolder, "node", SearchOption.AllDirectories).FirstOrDefault() ?? Chromium.OnPath("node")
        : Chromium.OnPath("node");

    private static string DriverFolder => System.IO.Path.Combine(AppContext.BaseDirectory, ".playwright", "node");
}
