using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Data;
using Minion.Models.Money;
using Minion.Testing.Database;

namespace Minion.Models.Tests.Money;

public sealed class MoneyDatabase() : DatabaseFixture(ModelMigrations.Set);

/// <summary>A gateway with costs and budgets over a real database, as a process has it. Two of them are two holders.</summary>
internal sealed class MoneyHost : IAsyncDisposable
{
    private readonly IHost _host;

    private MoneyHost(IHost host) => _host = host;

    public static Task<MoneyHost> StartAsync(TestDatabase database, params (string Key, string Value)[] settings) => StartAsync(database, _ => { }, settings);

    public static async Task<MoneyHost> StartAsync(TestDatabase database, Action<IServiceCollection> change, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(database.Settings);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Configuration["Data:Folder"] = Path.GetTempPath();
        change(builder.Services);
        builder.AddDatabase();
        builder.Services.AddModels();
        builder.Services.AddModelSpending();
        var host = builder.Build();
        await host.StartAsync();
        return new MoneyHost(host);
    }

    public static ModelDefinition Model(string url, decimal input = 0, decimal output = 1_000_000, long maxOutput = 1) => new()
    {
        Name = "priced",
        Provider = ModelProviders.OpenAiCompatible,
        Url = url,
        Model = "m",
        MaxOutput = maxOutput,
        Price = new ModelPrice { Input = input, Output = output },
    };

    public static ModelCall Call(string tenant, string user = "user:ada", string agent = "helper", Guid? run = null) =>
        new(new Caller(tenant, user, ["*"]), agent, run, 1) { AgentVersion = 3 };

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public Task<ChatResponse> AskAsync(ModelDefinition model, ModelCall call, CancellationToken cancellationToken = default) =>
        Get<ModelGateway>().GetChatClient(model, call).GetResponseAsync("hi", cancellationToken: cancellationToken);

    public async Task<Budget> SetAsync(
        string tenant, decimal amount, BudgetScope scope = BudgetScope.Tenant, string subject = "", BudgetUnit unit = BudgetUnit.Usd,
        BudgetPeriod period = BudgetPeriod.Total, bool hard = true, string webhook = "")
    {
        var budget = await Get<BudgetStore>().SetAsync(tenant, new Budget(Guid.CreateVersion7(), scope, subject, unit, period, amount, hard, webhook), default);
        Get<BudgetCache>().Forget(tenant);
        return budget;
    }

    public async Task<BudgetState> StateAsync(string tenant) => (await Get<BudgetStore>().StatesAsync(tenant, default)).First();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
