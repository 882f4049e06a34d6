using System.Globalization;
using Microsoft.Extensions.Options;
using Minion.Tools.Sandboxes.Bubblewrap;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>Compiles and runs C# in a sandbox, both inside.</summary>
internal sealed class CSharpTool(Sandbox sandbox, SandboxAvailability availability, IOptions<SandboxOptions> options)
    : CodeTool(sandbox, options.Value, CodeDescription.Of("csharp", "Compiles and runs a C# program (top-level statements are fine; the usual namespaces are imported) and gives what it prints and its exit code.", "code", options.Value), "code")
{
    private const string Install = "Install the .NET SDK below /usr, or name its folder in Tools:Sandbox:ReadOnlyFolders.";

    // The compiler is called directly: a project, MSBuild and a restore would take seconds, and a network.
    private const string Script =
        """
        root=$1; compiler=$2; shift 2
        for file in "$root"/packs/Microsoft.NETCore.App.Ref/*/ref/net*/*.dll; do echo "-r:$file"; done >/tmp/.references
        printf 'global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;' >/tmp/.usings.cs
        printf '{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"%s"},"rollForward":"Major","configProperties":{"System.Globalization.Invariant":true}}}' "$1" >/tmp/.main.runtimeconfig.json
        "$root/dotnet" "$compiler" -nologo -noconfig -nostdlib -optimize -nullable:enable -langversion:latest -out:/tmp/.main.dll @/tmp/.references /tmp/.usings.cs /run/minion/main.cs >&2 || exit 1
        exec "$root/dotnet" exec --runtimeconfig /tmp/.main.runtimeconfig.json /tmp/.main.dll
        """;

    protected override SandboxCommand Command(string code)
    {
        var root = Path.GetDirectoryName(Programs.Target(availability.Program("dotnet", Install)))!;
        var compiler = Directory.Exists(root + "/sdk")
            ? Directory.GetDirectories(root + "/sdk").Select(sdk => sdk + "/Roslyn/bincore/csc.dll").LastOrDefault(File.Exists)
            : null;
        return compiler is null
            ? throw new SandboxUnavailableException("There is no C# compiler that a sandbox can see.", Install)
            : new SandboxCommand(["/bin/sh", "-c", Script, "sh", root, compiler, "8.0.0"])
            {
                Code = code,
                CodeName = "main.cs",
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["DOTNET_EnableDiagnostics"] = "0",
                    ["DOTNET_GCHeapHardLimit"] = ((long)Options.MemoryMb << 19).ToString("x", CultureInfo.InvariantCulture),
                    ["DOTNET_PROCESSOR_COUNT"] = ((int)Math.Ceiling(Options.Processors)).ToString("x", CultureInfo.InvariantCulture), // threads count as processes
                    ["DOTNET_TieredPGO"] = "0",
                },
            };
    }
}
