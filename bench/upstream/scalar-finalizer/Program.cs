// Doubles 1 while another thread collects: README.md.
using TorchSharp;

var seconds = 20;
Func<torch.Tensor, torch.Tensor> twice = args switch
{
    ["kept"] => Kept,
    ["sum"] => x => x + x,
    _ => x => x.mul(2.0),
};
var stop = false;
var collections = 0L;
var collector = new Thread(() =>
{
    while (!Volatile.Read(ref stop))
    {
        GC.Collect(0);
        GC.WaitForPendingFinalizers();
        collections++;
    }
});
collector.Start();

using var x = torch.ones(1);
var (calls, wrong, thrown) = (0L, 0L, new Dictionary<string, long>());
var end = Environment.TickCount64 + (seconds * 1000);
while (Environment.TickCount64 < end)
{
    for (var i = 0; i < 1000; i++)
    {
        calls++;
        try
        {
            using var y = twice(x);
            if (y.item<float>() != 2) wrong++;
        }
        catch (Exception error)
        {
            var first = error.Message.Split('\n')[0];
            thrown[first] = thrown.GetValueOrDefault(first) + 1;
        }
    }
}

Volatile.Write(ref stop, true);
collector.Join();
Console.WriteLine($"{calls:N0} calls, {collections:N0} collections: {wrong:N0} wrong results, {thrown.Values.Sum():N0} exceptions");
foreach (var (message, count) in thrown) Console.WriteLine($"{count,8:N0}  {message}");
return wrong + thrown.Values.Sum() == 0 ? 0 : 1;

static torch.Tensor Kept(torch.Tensor x)
{
    using Scalar scalar = 2.0; // disposed after the call, so alive until then
    return x.mul(scalar);
}
