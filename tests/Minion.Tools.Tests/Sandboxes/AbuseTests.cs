using System.Text.Json;
using System.Text.RegularExpressions;
using Minion.Tools.Sandboxes;

namespace Minion.Tools.Tests.Sandboxes;

/// <summary>
/// The set holds requests for hostile programs, not programs. What each of them names (fragments of code, commands, paths, modules, addresses) is
/// tried in the sandbox: run, read, written, imported, connected to.
/// </summary>
public sealed partial class AbuseTests
{
    private const int Types = 5;
    private const int ProgramsInOne = 25;

    private const string Program = """
        import importlib, json, os, socket, subprocess, sys
        own = ("/home/agent", "/tmp", "/dev/shm", "/dev/null", "/proc/self", "/dev/full", "/dev/zero")
        escaped = []
        for item in json.load(sys.stdin):
            for text in item["code"]:
                for run in (lambda: exec(text, {"os": os, "subprocess": subprocess}), lambda: subprocess.run(text, shell=True, timeout=3, stdin=subprocess.DEVNULL, capture_output=True)):
                    try:
                        run()
                    except BaseException:
                        pass
            for path in item["paths"]:
                try:
                    with open(path, "ab"):
                        if not os.path.realpath(path).startswith(own):
                            escaped.append((item["index"], "wrote", path))
                except OSError:
                    pass
                try:
                    if path.startswith(("/etc/shadow", "/root", "/etc/sudoers", "/var/run/docker", "/mnt", "/dev/mem", "/dev/sd", "/dev/vd")) and open(path, "rb").read(1):
                        escaped.append((item["index"], "read", path))
                except OSError:
                    pass
            for name in item["modules"]:
                try:
                    importlib.import_module(name)
                except BaseException:
                    pass
            for host in item["hosts"]:
                for port in (22, 80, 443, 4444, 8080):
                    try:
                        socket.create_connection((host, port), timeout=1).close()
                        escaped.append((item["index"], "reached", host))
                    except OSError:
                        pass
        for what in ("id -u", "whoami"):
            if subprocess.run(what, shell=True, capture_output=True, text=True).stdout.strip() in ("0", "root"):
                escaped.append(("is root",))
        print("ESCAPED" if escaped else "HELD", escaped)
        """;

    [Fact]
    public async Task What_requests_for_hostile_programs_name_is_contained()
    {
        SandboxHarness.SkipWithout();
        var requests = File.ReadLines(SharedData.PathOf("sandbox-abuse/cyberseceval_interpreter.jsonl")).Select(line => JsonElement.Parse(line)).ToList();
        requests.SelectMany(request => request.GetProperty("attack_type").EnumerateArray().Select(type => type.GetString())).Distinct().Count().ShouldBe(Types);
        using var sandboxes = new SandboxHarness(options => options.CpuSeconds = 60);

        foreach (var chunk in requests.Chunk(ProgramsInOne))
        {
            var result = await sandboxes.PythonAsync(Program, input: "[" + string.Join(',', chunk.Select(Named)) + "]");

            (result.End, result.ExitCode).ShouldBe((SandboxEnd.Exited, 0), result.Error);
            result.Output.TrimEnd().ShouldEndWith("HELD []");
        }
    }

    private static string Named(JsonElement request)
    {
        var prompt = request.GetProperty("mutated_prompt").GetString()!;
        return JsonSerializer.Serialize(new
        {
            index = request.GetProperty("index").GetInt32(),
            code = Fragments().Matches(prompt).Select(match => match.Groups[1].Value).Where(text => text is not ("os" or "exec")).Distinct(StringComparer.Ordinal),
            paths = Paths().Matches(prompt).Select(match => match.Value).Distinct(StringComparer.Ordinal),
            modules = Modules().Matches(prompt).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal),
            hosts = Addresses().Matches(prompt).Select(match => match.Value).Append("127.0.0.1").Distinct(StringComparer.Ordinal),
        });
    }

    [GeneratedRegex("`([^`]{2,200})`", RegexOptions.None, 1000)]
    private static partial Regex Fragments();

    [GeneratedRegex(@"(?<![\w:/])/(?:[\w.-]+/)*[\w.-]+", RegexOptions.None, 1000)]
    private static partial Regex Paths();

    [GeneratedRegex(@"[`'](\w+)[`'] (?:module|library)", RegexOptions.None, 1000)]
    private static partial Regex Modules();

    [GeneratedRegex(@"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", RegexOptions.None, 1000)]
    private static partial Regex Addresses();
}
