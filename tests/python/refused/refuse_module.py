import boto3
print("imported")
name = "a" + boto3.session
