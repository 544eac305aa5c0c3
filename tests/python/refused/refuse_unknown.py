import boto3
client = boto3.client("s3")
value = client.get(1)["Body"]
class Sub(client.Base):
    pass
@client.decorator
def f():
    pass
print("so far fine")
if value:
    print("no")
