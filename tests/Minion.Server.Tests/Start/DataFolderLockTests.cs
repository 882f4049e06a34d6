using Minion.Contracts.Faults;
using Minion.Contracts.Servers;
using Minion.Server.Start;

namespace Minion.Server.Tests.Start;

public sealed class DataFolderLockTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("minion-server-").FullName;

    private string Folder => Path.Combine(_parent, "data");

    [Fact]
    public void The_folder_is_made_and_held_until_it_is_let_go()
    {
        using (var held = DataFolderLock.Take(Folder))
        {
            held.Path.ShouldBe(Folder);
            Should.Throw<Fault>(() => DataFolderLock.Take(Folder)).Reason.ShouldBe("ALREADY_RUNNING");
        }

        DataFolderLock.Take(Folder).Dispose();
    }

    [Fact]
    public void Who_has_it_is_said()
    {
        using var held = DataFolderLock.Take(Folder);
        new RunningServer(4711, "http://localhost:5080", "http://localhost:5081", DateTimeOffset.UnixEpoch, "1", LogFile: null).Write(Folder);
        Should.Throw<Fault>(() => DataFolderLock.Take(Folder)).Message
            .ShouldBe($"A server is running on the data folder {Folder} already: process 4711, gRPC at http://localhost:5081.");
    }

    [Fact]
    public void Others_cannot_look_into_the_folder()
    {
        using var held = DataFolderLock.Take(Folder);
        if (!OperatingSystem.IsWindows())
        {
            (File.GetUnixFileMode(Folder) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite))
                .ShouldBe(UnixFileMode.None);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said()
    {
        File.WriteAllText(Folder, "");
        Should.Throw<Fault>(() => DataFolderLock.Take(Folder)).Reason.ShouldBe("DATA_FOLDER_UNUSABLE");
    }

    [Fact]
    public void A_note_is_read_back_and_a_damaged_one_is_none()
    {
        var note = new RunningServer(1, "http://localhost:1", "http://localhost:2", DateTimeOffset.UnixEpoch, "0.1.0", "/log");
        note.Write(_parent);
        RunningServer.Read(_parent).ShouldBe(note);
        File.WriteAllText(Path.Combine(_parent, RunningServer.FileName), "{ half");
        RunningServer.Read(_parent).ShouldBeNull();
        RunningServer.Remove(_parent);
        RunningServer.Read(_parent).ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
