namespace Minion.EndToEnd.Tests.Programs;

/// <summary>One server for the tests that only use it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal Installation Installation { get; } = Installation.Create();

    internal Ended Up { get; private set; } = new(-1, "", "");

    public async ValueTask InitializeAsync()
    {
        Up = await Installation.UpAsync();
        Up.ExitCode.ShouldBe(0, Up.ToString());
    }

    public ValueTask DisposeAsync() => Installation.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SharedServerCollection : ICollectionFixture<SharedServer>
{
    public const string Name = "a server that runs";
}
