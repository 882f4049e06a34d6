using System.Diagnostics;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Tests.BuiltIn.Files;

/// <summary>Nothing outside a workspace is read, written or listed, whatever the path and whatever lies in the workspace.</summary>
public sealed class EscapeTests : IDisposable
{
    private readonly FileHarness _files = new();

    public void Dispose()
    {
        File.ReadAllText(Path.Combine(_files.Outside, "secret.txt")).ShouldBe(FileHarness.Secret);
        Directory.GetFileSystemEntries(_files.Outside).Length.ShouldBe(1);
        _files.Dispose();
    }

    [Theory]
    [InlineData("path_traversal.txt", 120)]
    [InlineData("path_traversal_deep.txt", 800)]
    public async Task No_listed_path_leads_outside(string file, int atLeast)
    {
        var paths = File.ReadLines(SharedData.PathOf("bad-inputs/" + file)).Where(line => line.Length is > 0 and <= FilePath.LongestPath)
            .SelectMany(line => new[] { line.Replace("{FILE}", "outside/secret.txt"), line.Replace("{FILE}", "etc/passwd") }).Distinct().ToList();
        var refused = 0;

        foreach (var path in paths)
        {
            (await _files.ReadAsync(new { path })).Failure();
            (await _files.ListAsync(new { path })).Failure();
            refused += IsRefused(path) ? 1 : 0;
            if (await _files.WriteAsync(new { path, text = "written" }) is ToolResult)
            {
                Clear(_files.Inside).ShouldBeTrue($"'{path}' was written, and not into the workspace.");
            }
        }

        paths.Count.ShouldBeGreaterThan(atLeast);
        TestContext.Current.TestOutputHelper?.WriteLine($"{file}: {refused} of {paths.Count} are refused as paths, the others name nothing outside.");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../outside/secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("~/secret.txt")]
    [InlineData("C:/secret.txt")]
    [InlineData("..\\outside\\secret.txt")]
    [InlineData("%2e%2e/outside/secret.txt")]
    [InlineData("%u002e%u002e/x")]
    [InlineData("a/.. /b")]
    [InlineData("a/.../b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData(".minion-00")]
    public void What_can_only_be_meant_to_lead_out_is_no_path(string path) => IsRefused(path).ShouldBeTrue();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Links_are_not_followed(bool kernelResolves)
    {
        File.CreateSymbolicLink(Path.Combine(_files.Inside, "file"), Path.Combine(_files.Outside, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(_files.Inside, "folder"), _files.Outside);
        Directory.CreateSymbolicLink(Path.Combine(_files.Inside, "up"), "../../..");
        Directory.CreateSymbolicLink(Path.Combine(_files.Inside, "proc"), "/proc/self/root");
        using var root = RootedFolder.Open(_files.Inside, kernelResolves);

        foreach (var path in new[] { "file", "folder/secret.txt", "up/outside/secret.txt", "proc/etc/passwd" })
        {
            Should.Throw<FileRefusal>(() => root.OpenFile(FilePath.Parse(path), out _).Dispose(), path);
            Should.Throw<FileRefusal>(() => root.Write(FilePath.Parse(path), "x"u8, mustBeNew: false), path);
        }

        Should.Throw<FileRefusal>(() => root.Write(FilePath.Parse("folder/new.txt"), "x"u8, mustBeNew: true));
        Should.Throw<FileRefusal>(() => root.List(FilePath.Parse("folder")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_with_a_second_name_is_left_alone(bool kernelResolves)
    {
        Run("ln", Path.Combine(_files.Outside, "secret.txt"), Path.Combine(_files.Inside, "hard"));
        using var root = RootedFolder.Open(_files.Inside, kernelResolves);

        Should.Throw<FileRefusal>(() => root.OpenFile(FilePath.Parse("hard"), out _).Dispose()).Message.ShouldContain("hard link");
        Should.Throw<FileRefusal>(() => root.Write(FilePath.Parse("hard"), "x"u8, mustBeNew: false)).Message.ShouldContain("hard link");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Devices_and_pipes_are_not_opened(bool kernelResolves)
    {
        Run("mkfifo", Path.Combine(_files.Inside, "pipe"));
        if (Environment.IsPrivilegedProcess && TryRun("mknod", Path.Combine(_files.Inside, "zero"), "c", "1", "5"))
        {
            using var withDevice = RootedFolder.Open(_files.Inside, kernelResolves);
            Should.Throw<FileRefusal>(() => withDevice.OpenFile(FilePath.Parse("zero"), out _).Dispose()).Message.ShouldContain("a device");
        }

        using var root = RootedFolder.Open(_files.Inside, kernelResolves);

        Should.Throw<FileRefusal>(() => root.OpenFile(FilePath.Parse("pipe"), out _).Dispose()).Message.ShouldContain("a pipe");
        Should.Throw<FileRefusal>(() => root.Write(FilePath.Parse("pipe"), "x"u8, mustBeNew: false)).Message.ShouldContain("a pipe");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_file_system_is_not_entered(bool kernelResolves)
    {
        using var root = RootedFolder.Open("/", kernelResolves);

        Should.Throw<FileRefusal>(() => root.OpenFile(FilePath.Root.Child("proc").Child("version"), out _).Dispose())
            .Message.ShouldContain("another file system");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_that_becomes_a_link_and_back_all_the_time_leads_nowhere(bool kernelResolves)
    {
        var folder = Path.Combine(_files.Inside, "folder");
        var link = Path.Combine(_files.Inside, "link");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "secret.txt"), "inside");
        Directory.CreateSymbolicLink(link, _files.Outside);
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() => SwapUntil(stop.Token, folder, link));
        using var root = RootedFolder.Open(_files.Inside, kernelResolves);
        var path = FilePath.Parse("folder/secret.txt");
        var (read, refused) = (0, 0);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));

        for (var round = 0; (round < 1_000 || read == 0 || refused == 0) && !deadline.IsCancellationRequested; round++)
        {
            try
            {
                using var file = root.OpenFile(path, out _);
                System.Text.Encoding.UTF8.GetString(TextFile.Bytes(file)).ShouldBe("inside");
                root.Write(path, "inside"u8, mustBeNew: false);
                read++;
            }
            catch (FileRefusal)
            {
                refused++;
            }
        }

        await stop.CancelAsync();
        await swapping;
        read.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    private static bool IsRefused(string path)
    {
        try
        {
            FilePath.Parse(path);
            return false;
        }
        catch (FileRefusal)
        {
            return true;
        }
    }

    private static void SwapUntil(CancellationToken stop, string a, string b)
    {
        var spare = a + ".spare";
        while (!stop.IsCancellationRequested)
        {
            Directory.Move(a, spare);
            while (!TryMove(b, a))
            {
                // A file was written in the moment in which there was no folder: one was made for it, and may be written to again.
                TryDelete(a);
            }

            Directory.Move(spare, b);
        }
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
            return true;
        }
        catch (IOException) when (Directory.Exists(to) && new DirectoryInfo(to).LinkTarget is null)
        {
            return false;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Somebody wrote into it meanwhile.
        }
    }

    /// <summary>Whether there was anything.</summary>
    private static bool Clear(string folder)
    {
        var entries = Directory.GetFileSystemEntries(folder);
        foreach (var entry in entries)
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }

        return entries.Length > 0;
    }

    private static void Run(string program, params string[] arguments) => TryRun(program, arguments).ShouldBeTrue(program);

    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
